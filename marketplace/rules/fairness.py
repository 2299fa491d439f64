"""The fair-competition check: reads what a buyer wrote and points at sentences that would shut agencies out.

`check(text)` gives findings with their place in the text. Each rule is one row of RULES; its words for people stand
in marketplace/wording.py under the same code. A blocking finding stops publication, a warning does not.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

BLOCK, WARN = "block", "warn"
MAX_LENGTH = 20_000


@dataclass(frozen=True)
class Rule:
    """`departments_only`: the law binds public buyers; for private ones it is their own money."""

    code: str
    severity: str
    pattern: re.Pattern[str]
    departments_only: bool = False


@dataclass(frozen=True)
class Finding:
    """`text[start:end] == excerpt` in the text as it was given."""

    rule_code: str
    severity: str
    excerpt: str
    start: int
    end: int


_NUMBER = r"(?:[0-9]+|[一二两三四五六七八九十百]+)"
_GAP = r"[^，。；！？\n]"  # anything inside one clause
_HERE = r"(?:本地|本市|本县|本区|本省|当地|属地|我市|我县|我区|我省|市内|县内|区内|省内)"
_FIRM = r"(?:企业|公司|机构|单位|供应商|事务所|研究院|设计院)"
_ONLY = r"(?:仅限|只限|限于|限定|仅接受|只接受|须为|必须为|应为|须是|必须是|应是|优先|要求为|限)"
_AT_LEAST = r"(?:不低于|不少于|不得低于|不得少于|不小于|大于|超过|达到|至少|≥|>)"
_LICENSED = r"(?:资质|资格|具备|具有|依法|许可|认定|认证)"


def _rule(code: str, severity: str, *patterns: str, departments_only: bool = False) -> Rule:
    return Rule(code, severity, re.compile("|".join(patterns)), departments_only)


RULES: tuple[Rule, ...] = (
    _rule(
        "vague.materials",
        BLOCK,
        r"其[他它](?:相关|有关|必要|所需|补充)?的?(?:证明)?(?:材料|证明|手续|条件)",
        r"(?:有关|相关)的?(?:证明|申报|申请)?材料",
    ),
    _rule(
        "vague.scope",
        WARN,
        r"等(?:等)?(?:相关|有关)?(?:材料|资料|文件|证明|工作)",
        r"(?:其[他它]|有关)(?:相关)?(?:资料|文件|工作|事项|要求|服务)",
        r"视(?:具体)?情况(?:而定|确定)?|另行(?:通知|商定|约定)|(?:甲方|委托方)(?:临时)?交办",
    ),
    _rule(
        "locality",
        BLOCK,
        rf"{_HERE}{_GAP}{{0,4}}注册(?!会计师|测绘师|土木|造价|监理|建筑师|环保|安全)",
        rf"{_ONLY}{_GAP}{{0,8}}{_HERE}{_GAP}{{0,4}}{_FIRM}",
        rf"{_HERE}(?:{_FIRM}|的{_FIRM}){_GAP}{{0,4}}(?:优先|加分|方可|才能|投标|报名|参与)",
        rf"(?:在|于){_GAP}{{0,12}}(?:设立|设有|设置|具有|拥有|成立)了?{_GAP}{{0,6}}"
        r"(?:分支机构|分公司|子公司|办事处|办公场所|服务网点|常驻机构)",
        r"(?:注册地|住所地|登记地)址?(?:须|应|必须|需)?(?:在|为|位于|:)",
        rf"(?:外地|外省|外市){_FIRM}{_GAP}{{0,6}}(?:不得|不予|须|应|需)",
        rf"{_HERE}{_GAP}{{0,4}}(?:纳税|缴纳社保|社保缴纳|业绩)",
    ),
    _rule(
        "designation",
        BLOCK,
        rf"(?:指定|推荐|内定|确定由)(?!地点|位置|时间|格式|邮箱){_GAP}{{0,20}}{_FIRM}",
        rf"(?:只能|必须|限|仅)由(?!{_GAP}{{0,16}}{_LICENSED}){_GAP}{{1,20}}(?:公司|事务所|研究院|设计院)",
    ),
    _rule(
        "closed_list",
        BLOCK,
        rf"(?:仅|限|须|必须|从|在|已?列入|进入){_GAP}{{0,12}}"
        r"(?:名录库|备选库|预选库|入围名单|短名单|供应商库|中介库|机构库)",
    ),
    _rule(
        "threshold.size",
        BLOCK,
        rf"注册(?:资本|资金)金?{_GAP}{{0,10}}(?:{_AT_LEAST}|以上)",
        rf"(?:营业额|营业收入|年产值|净资产|总资产){_GAP}{{0,8}}(?:{_AT_LEAST}|以上)",
        rf"(?:员工|职工|从业人员|社保人数|参保人数|在职人员){_GAP}{{0,8}}(?:{_AT_LEAST}{_GAP}{{0,3}}{_NUMBER}|{_NUMBER}人以上)",
    ),
    _rule(
        "threshold.age",
        BLOCK,
        rf"成立(?:时间|年限)?(?:已|须|应)?(?:满|{_AT_LEAST})?{_GAP}{{0,3}}{_NUMBER}年",
        rf"(?:经营|从业|执业|注册)(?:时间|年限|期限){_GAP}{{0,6}}{_NUMBER}年",
    ),
    _rule(
        "threshold.record",
        WARN,
        rf"(?:近|最近){_NUMBER}年{_GAP}{{0,20}}业绩",
        rf"(?:类似|同类|同类型|相似){_GAP}{{0,6}}(?:业绩|项目经验)",
        rf"业绩{_GAP}{{0,6}}(?:{_AT_LEAST}|以上)",
        rf"(?:获得|荣获|具有){_GAP}{{0,10}}(?:奖项|荣誉称号|AAA)",
    ),
    _rule(
        "ownership",
        BLOCK,
        rf"{_ONLY}{_GAP}{{0,6}}(?:国有|央企|国企|中央企业|事业单位|外资|内资|上市公司|上市企业|民营)",
        r"(?:国有|国资)(?:控股)?(?:企业|公司|单位)?(?:优先|加分|方可)",
        rf"(?:民营|私营|外资|个体){_FIRM}?{_GAP}{{0,6}}(?:不得|不予|除外)",
    ),
    _rule("brand", BLOCK, rf"(?:指定|限定|必须(?:使用|采用)|只能(?:使用|采用)){_GAP}{{0,12}}(?:品牌|型号)"),
    _rule("entry_fee", BLOCK, r"(?:收取|缴纳|交纳|支付)?(?:报名费|标书费|入围费|入场费|进场费|入库费)"),
    _rule(
        "fee_shifting",
        BLOCK,
        rf"(?:费用?|经费|款项?){_GAP}{{0,10}}(?:由|向|转由){_GAP}{{0,8}}"
        rf"(?:申请人|申请单位|申请企业|建设单位|项目单位|企业|当事人|行政相对人|办事群众){_GAP}{{0,6}}"
        r"(?:承担|支付|负担|收取|缴纳|交纳|出)",
        rf"(?:申请人|申请单位|申请企业|建设单位|企业|当事人|办事群众){_GAP}{{0,6}}(?:承担|支付|负担|缴纳|交纳){_GAP}{{0,10}}费",
        departments_only=True,
    ),
    _rule(
        "splitting",
        BLOCK,
        rf"(?:拆分|分拆|化整为零|分解){_GAP}{{0,10}}(?:合同|项目|采购|标段|委托)?",
        rf"分(?:为|成|作|别签订)?{_NUMBER}(?:个|份)(?:小)?(?:合同|采购|项目|协议)",
        departments_only=True,
    ),
)
BY_CODE = {rule.code: rule for rule in RULES}
AGENCY_NAMED = "designation"
# "不得指定…", "不限本地企业": the clause forbids what the pattern looks for.
_DENIED = re.compile(r"(?:不得|不可|不能|不应|禁止|严禁|不要求|不需要|无需|无须|不必|不限|不设|不以|取消|没有|不)$")


def check(text: str, *, department: bool = False, names: Sequence[str] = ()) -> list[Finding]:
    """Findings in the order of the text; texts longer than MAX_LENGTH are read up to there.

    `names`: names of agencies known to occur in the text; naming one is designation.
    """
    squeezed, places = _squeeze(text[:MAX_LENGTH])
    found = [*_named(text, names)]
    for rule in RULES:
        if rule.departments_only and not department:
            continue
        found += [
            _finding(rule, text, places[match.start()], places[match.end() - 1] + 1)
            for match in rule.pattern.finditer(squeezed)
            if match.group() and not _DENIED.search(squeezed[max(0, match.start() - 6) : match.start()])
        ]
    return sorted(_without_echoes(found), key=lambda finding: (finding.start, finding.rule_code))


def blocking(findings: Iterable[Finding]) -> bool:
    return any(finding.severity == BLOCK for finding in findings)


def _finding(rule: Rule, text: str, start: int, end: int) -> Finding:
    return Finding(rule.code, rule.severity, text[start:end], start, end)


def _named(text: str, names: Sequence[str]) -> Iterator[Finding]:
    for name in names:
        start = text.find(name)
        if start >= 0:
            yield _finding(BY_CODE[AGENCY_NAMED], text, start, start + len(name))


def _squeeze(text: str) -> tuple[str, list[int]]:
    """The text in plain width without spaces and invisible characters, and where each character came from."""
    kept, places = [], []
    for place, char in enumerate(text):
        plain = unicodedata.normalize("NFKC", char)
        plain = _PUNCTUATION.get(plain, plain)
        if char == "\n" or not (char.isspace() or unicodedata.category(char) == "Cf"):
            kept.append(plain if len(plain) == 1 else char)
            places.append(place)
    return "".join(kept), places


_PUNCTUATION = {",": "，", ";": "；", "!": "！", "?": "？"}


def _without_echoes(found: list[Finding]) -> list[Finding]:
    """Without findings of the same rule that lie inside another one."""
    return [
        one
        for one in dict.fromkeys(found)
        if not any(
            other != one and other.rule_code == one.rule_code and other.start <= one.start and one.end <= other.end
            for other in found
        )
    ]
