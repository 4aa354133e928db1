"""Traditional Chinese signs as the simplified ones that the tables of words are written in.

Pure. Only signs that stand in those words, one for one, so that places in a text stay.
"""

_TRADITIONAL = (
    "與專業東兩個爲為舉烏書於雲亞儀們價優會體蘭關興內冊寫決準幾擊劃剛創劇辦動勞區華協單廳歷廈參雙發變臺號後嗎啓啟員園國圖圓聖場壇備復獎學寧賓將爾"
    "層屆島峯師帶廣莊慶開歸當錄徵總懇願戰揚護報換據數無舊時暫術機來棟檔樓歡漢濟漲溫滿濱燈點現盤碼禮稱競約級線練組細織紹經結統維編網騰節蘇薦營薩見"
    "觀視計訂討訓議訊講論設話誕詳請讀課調談購貴費賽輯辯過還這進連遲選遞鄭裏裡鐘鍾銀鏈鎖錫錦鎮長門閉問間陽際頁順顧頒預領頻題飛館馬驗魯麥齊龍週"
)
_SIMPLIFIED = (
    "与专业东两个为为举乌书于云亚仪们价优会体兰关兴内册写决准几击划刚创剧办动劳区华协单厅历厦参双发变台号后吗启启员园国图圆圣场坛备复奖学宁宾将尔"
    "层届岛峰师带广庄庆开归当录征总恳愿战扬护报换据数无旧时暂术机来栋档楼欢汉济涨温满滨灯点现盘码礼称竞约级线练组细织绍经结统维编网腾节苏荐营萨见"
    "观视计订讨训议讯讲论设话诞详请读课调谈购贵费赛辑辩过还这进连迟选递郑里里钟钟银链锁锡锦镇长门闭问间阳际页顺顾颁预领频题飞馆马验鲁麦齐龙周"
)
_TABLE = str.maketrans(_TRADITIONAL, _SIMPLIFIED)


def simplified(text: str) -> str:
    """The text with each sign that a word may be told by in its simplified form."""
    return text if text.isascii() else text.translate(_TABLE)
