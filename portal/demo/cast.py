"""Who plays in the demo. Every organisation and person is invented; divisions and service items are real."""

from dataclasses import dataclass, field

from accounts.rules.credit_code import check_character

FIRST_PERSONA = 900  # numbers from here on are people a visitor may become
PERSONA, EXTRA = "demo.example", "simulated.example"
LANGFANG, BEIJING, TIANJIN, SHIJIAZHUANG = "131000", "110000", "120000", "130100"


@dataclass(frozen=True)
class Party:
    """An organisation with the one person who acts for it. `trades`: categories of the catalogue it works in."""

    kind: str
    name: str
    region: str
    person: str
    email: str
    trades: tuple[str, ...] = ()
    licences: tuple[str, ...] = ()
    number: int = field(default=0)

    @property
    def credit_code(self) -> str:
        return credit_code(_PREFIX[self.kind], self.region, self.number)


_PREFIX = {"enterprise": "91", "agency": "91", "department": "11", "regulator": "11", "operator": "12"}
_LETTERS = "ABCDEFGHJKLMNPQRTUWXY"


def credit_code(prefix: str, region: str, number: int) -> str:
    """A valid code: prefix, division, nine places with a letter in front, check character."""
    body = f"{prefix}{region}MA{_LETTERS[number % len(_LETTERS)]}{number * 7919 % 1_000_000:06d}"
    return body + check_character(body)


BEA = Party("enterprise", "廊坊远景精密制造有限公司", "131003", "白雅", f"bea@{PERSONA}")
NEWCOMER = Party("enterprise", "固安启程新材料有限公司", "131022", "辛莱", f"nina@{PERSONA}")
DAN = Party("department", "廊坊市生态环境局", LANGFANG, "丁岩", f"dan@{PERSONA}")
ANA = Party("agency", "廊坊清源环境技术咨询有限公司", "131003", "安楠", f"ana@{PERSONA}", ("02", "03", "01"))
TOM = Party("agency", "北京同济恒信工程咨询有限公司", BEIJING, "汤明", f"tom@{PERSONA}", ("01", "02", "09"))
SOL = Party("regulator", "廊坊市数据和政务服务局", LANGFANG, "宋澜", f"sol@{PERSONA}")
OLGA = Party("operator", "廊坊市公共资源交易中心", LANGFANG, "欧阳歌", f"olga@{PERSONA}")
# People of the personas' organisations whom the market plays: they publish and enter, the personas decide. A payment
# takes two and a penalty three, so these colleagues are people whom a visitor may become too.
COLLEAGUES = (
    (BEA, f"bea.office@{EXTRA}", "白雅的同事"),
    (ANA, f"ana.office@{EXTRA}", "安楠的同事"),
    (DAN, f"fay@{PERSONA}", "方菲"),
    (SOL, f"sue@{PERSONA}", "苏清"),
    (SOL, f"sam@{PERSONA}", "沈墨"),
)
PERSONAS = (BEA, DAN, ANA, TOM, SOL, OLGA, NEWCOMER)

_OFFICES = (
    ("regulator", "廊坊市市场监督管理局", "131000", "谢安"),
    ("department", "廊坊市自然资源和规划局", "131000", "罗成"),
    ("department", "廊坊市住房和城乡建设局", "131000", "薛静"),
    ("department", "廊坊市水利局", "131000", "江源"),
    ("department", "霸州市交通运输局", "131081", "路远"),
    ("department", "香河县应急管理局", "131024", "安宁"),
)
_ENTERPRISES = (
    ("三河燕郊云谷数据科技有限公司", "131082", "高岚"),
    ("霸州胜芳金属家具有限公司", "131081", "田野"),
    ("永清绿源食品加工有限公司", "131023", "苗青"),
    ("大厂影视基地文化发展有限公司", "131028", "戴晓"),
    ("文安左各庄人造板有限公司", "131026", "林森"),
    ("香河国际家居物流有限公司", "131024", "何洁"),
    ("廊坊开发区华储新能源有限公司", "131003", "华晨"),
    ("大城保温材料集团有限公司", "131025", "温如"),
    ("廊坊安次龙河生物医药有限公司", "131002", "龙薇"),
    ("固安航天装备制造有限公司", "131022", "航宇"),
    ("天津武清汇达包装有限公司", TIANJIN, "汇川"),
)
_AGENCIES = (
    ("廊坊市蓝天环境检测有限公司", "131002", "蓝宁", "02 12", "检验检测机构资质认定（CMA）"),
    ("河北绿洲环保科技有限公司", SHIJIAZHUANG, "洪绿", "02 03", ""),
    ("北京碧水源清环境咨询有限公司", BEIJING, "施碧", "02 03", ""),
    ("天津津环评估技术有限公司", TIANJIN, "金环", "02 04", "安全评价机构资质"),
    ("廊坊永信水务工程咨询有限公司", "131003", "永泉", "03 11", ""),
    ("保定水土保持规划设计院有限公司", "130600", "石水", "03 06", ""),
    ("唐山安泰安全评价有限公司", "130200", "安泰", "04 05", "安全评价机构资质,职业卫生技术服务机构资质"),
    ("北京中安智评科技有限公司", BEIJING, "钟智", "04 05", "安全评价机构资质"),
    ("石家庄康健职业卫生服务有限公司", SHIJIAZHUANG, "康健", "05 12", "放射卫生技术服务机构资质"),
    ("廊坊经纬测绘有限公司", "131003", "经纬", "06 07", "测绘资质"),
    ("霸州方圆测绘服务有限公司", "131081", "方圆", "07 06", "测绘资质"),
    ("北京天图空间信息有限公司", BEIJING, "田图", "06 07", "测绘资质,地质灾害评估和治理工程勘查设计资质"),
    ("天津地勘土地评估有限公司", TIANJIN, "陆勘", "06 13", "房地产估价机构备案"),
    ("廊坊市筑诚建筑设计有限公司", "131003", "朱诚", "08 01", "工程设计资质"),
    ("河北中岩勘察设计有限公司", SHIJIAZHUANG, "严中", "08 06", "工程勘察资质,工程设计资质"),
    ("北京首审图咨询有限公司", BEIJING, "寿申", "08 11", "施工图审查机构认定"),
    ("三河京东工程监理有限公司", "131082", "荆冬", "08 09", "工程监理资质"),
    ("廊坊建科工程检测有限公司", "131002", "简科", "08 12", "建设工程质量检测机构资质"),
    ("河北正元造价咨询有限公司", SHIJIAZHUANG, "郑元", "09 13", ""),
    ("廊坊衡信工程造价咨询有限公司", "131003", "衡心", "09 01", ""),
    ("北京鼎诚招标代理有限公司", BEIJING, "丁诚", "09 01", ""),
    ("天津工信项目管理有限公司", TIANJIN, "龚信", "09 01", ""),
    ("北京震安科技咨询有限公司", BEIJING, "甄安", "10 11", ""),
    ("河北雷安防雷检测有限公司", SHIJIAZHUANG, "雷安", "10 12", "雷电防护装置检测资质"),
    ("廊坊气象科技服务有限公司", "131000", "齐翔", "10 03", ""),
    ("北京古韵文物勘探有限公司", BEIJING, "顾韵", "11 10", "考古发掘资质"),
    ("河北通途交通规划咨询有限公司", SHIJIAZHUANG, "佟图", "11 10", ""),
    ("廊坊路达交通影响评价有限公司", "131003", "路达", "11 03", ""),
    ("廊坊特种设备检验服务有限公司", "131002", "特立", "12 05", "特种设备检验检测机构核准"),
    ("河北计量测试技术有限公司", SHIJIAZHUANG, "季良", "12 10", "计量检定机构授权"),
    ("天津清水水质检测有限公司", TIANJIN, "清水", "12 02", "检验检测机构资质认定（CMA）"),
    ("廊坊诚达会计师事务所有限公司", "131003", "程达", "13 09", "会计师事务所执业许可"),
    ("北京信永资产评估有限公司", BEIJING, "辛永", "13 06", "会计师事务所执业许可"),
    ("河北明理律师事务所", SHIJIAZHUANG, "明理", "13", ""),
    ("廊坊前瞻投资咨询有限公司", "131003", "钱瞻", "01 02", ""),
    ("苏州长江规划设计咨询有限公司", "320500", "常江", "01 03", ""),
    ("济南泉城生态环境科技有限公司", "370100", "全城", "02 05", "检验检测机构资质认定（CMA）"),
    ("秦皇岛海域使用论证有限公司", "130300", "秦海", "06 04", ""),
)
_BEGINNERS = (("永清新起点技术服务有限公司", "131023", "辛起"), ("北京初见工程咨询工作室", BEIJING, "褚见"))
FIRST_TROUBLED = 700
# Agencies that supervision had to do with; they enter nothing in the history, so that nothing there depends on them.
_TROUBLED = (
    ("廊坊速达环境评估有限公司", "131002", "苏达", "02"),
    ("北京快审技术咨询有限公司", BEIJING, "匡申", "01"),
    ("天津恒远检测评价有限公司", TIANJIN, "衡远", "02"),
    ("河北众联工程咨询有限公司", SHIJIAZHUANG, "钟联", "09"),
    ("唐山宏图测绘服务有限公司", "130200", "洪图", "07"),
    ("保定信达安全技术有限公司", "130600", "辛达", "04"),
    ("北京卓越招标代理有限公司", BEIJING, "卓悦", "09"),
    ("廊坊天衡造价咨询有限公司", "131003", "田衡", "09"),
    ("石家庄优评科技有限公司", SHIJIAZHUANG, "游平", "01"),
    ("霸州正大环保技术有限公司", "131081", "郑达", "02"),
)


def troubled() -> list[Party]:
    """Agencies with a past before the regulator."""
    return [
        Party("agency", name, region, person, f"troubled{number}@{EXTRA}", tuple(trades.split()), (), number)
        for number, (name, region, person, trades) in enumerate(_TROUBLED, start=FIRST_TROUBLED)
    ]


FIRST_CONTESTED = 720
# Agencies that came in lately and met objections to what they published.
_CONTESTED = (
    ("廊坊新洲环境检测有限公司", "131003", "辛洲", "02"),
    ("河北启衡工程测绘有限公司", SHIJIAZHUANG, "齐衡", "07"),
    ("北京和诚安全评价有限公司", BEIJING, "何诚", "04"),
)


def contested() -> list[Party]:
    """Newcomers to whose data somebody has objected."""
    return [
        Party("agency", name, region, person, f"contested{number}@{EXTRA}", tuple(trades.split()), (), number)
        for number, (name, region, person, trades) in enumerate(_CONTESTED, start=FIRST_CONTESTED)
    ]


def extras() -> list[Party]:
    """Everybody who is played by the market itself."""
    rows = [(kind, name, region, person, "", "") for kind, name, region, person in _OFFICES]
    rows += [("enterprise", name, region, person, "", "") for name, region, person in _ENTERPRISES]
    rows += [("agency", *row) for row in _AGENCIES]
    rows += [("agency", name, region, person, "", "") for name, region, person in _BEGINNERS]
    return [_extra(number, row) for number, row in enumerate(rows, start=1)]


def _extra(number: int, row: tuple[str, str, str, str, str, str]) -> Party:
    kind, name, region, person, trades, licences = row
    held = tuple(licences.split(",")) if licences else ()
    email = f"{kind}{number:02d}@{EXTRA}"
    return Party(kind, name, region, person, email, tuple(trades.split()), held, number)


def personas() -> list[Party]:
    """The people a visitor may become, with numbers of their own."""
    return [
        Party(one.kind, one.name, one.region, one.person, one.email, one.trades, one.licences, FIRST_PERSONA + place)
        for place, one in enumerate(PERSONAS)
    ]
