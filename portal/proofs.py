"""The words in which the Verify page says what it checks, finds and misses. `{named}` places are filled in the page."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = Mapping[str, str | Promise]

# The checks in their order: name, icon, what is checked.
CHECKS: tuple[tuple[str, str, str | Promise, str | Promise], ...] = (
    ("form", "list-check", _("写法"), _("每一条、每个字段都只有一种写法，多一个字符、少一个字符都看得出。")),
    ("chain", "link", _("顺序"), _("编号从 1 开始，一个不缺；每条都接着上一条的哈希。")),
    ("heads", "signature", _("签名"), _("每一批的根哈希都由平台公布的密钥签过名，从第一条到最后一条。")),
    ("rules", "ruler", _("规则"), _("条件是按公布的规则定的，规则就是开启时写定的那一份。")),
    ("bids", "trending-down", _("报价"), _("每一笔报价按规则重新裁决，每一次顺延重新计算。")),
    ("floors", "lock", _("自动报价"), _("自动报价与密封的底价相符，不多降一分，也没有越过底价。")),
    ("course", "route", _("经过"), _("报名、报价、截止、结果各在其时，没有事后补进去的。")),
    ("identities", "fingerprint", _("身份"), _("公布的机构名称，与报名时密封的摘要一致。")),
    ("draw", "rosette", _("抽取"), _("用事先承诺的种子重新抽取，抽中的是同一家。")),
    ("awards", "award", _("结果"), _("重新排名，中选的是同一家、同一个价。")),
)
RECEIPT_CHECKS: tuple[tuple[str, str, str | Promise, str | Promise], ...] = (
    ("receipt", "receipt", _("回执"), _("回执的哈希就是那条记录的哈希，金额、时间没有改过。")),
    ("path", "hierarchy", _("路径"), _("从这条记录一步步算到签名的根。")),
    ("signature", "signature", _("签名"), _("根由平台公布的密钥签过名。")),
    ("kept", "link", _("入册"), _("公开的记录里，同一编号上就是这一条。")),
)
FOUND: Words = {
    "found.form": _("共 {n} 条，逐字核对。"),
    "found.chain": _("首尾相接，最后一条的哈希是 {head}…"),
    "found.heads": _("{n} 个签名，密钥 {keys}。"),
    "found.rules": _("规则 {rules}，最小降幅 {step} 元。"),
    "found.rules.unnamed": _("这份记录没有写定规则的摘要，以开启时写定的条件为准。"),
    "found.bids": _("{n} 次报价、{extended} 次顺延，重算一致。"),
    "found.floors": _("{n} 个密封底价、{auto} 次自动报价，重算一致。"),
    "found.floors.sealed": _("有密封的底价；竞争提前结束，按规则不公开。"),
    "found.floors.none": _("没有底价，也没有自动报价。"),
    "found.course": _("{n} 家报名，经过完整。"),
    "found.identities": _("{n} 家机构的名称都打得开当时的密封。"),
    "found.identities.none": _("没有公布名称。"),
    "found.draw": _("从 {n} 家中重新抽取，抽中的同为 {by}。"),
    "found.draw.none": _("这场竞争没有抽取。"),
    "found.awards": _("重新排名，中选的同为 {by}。"),
    "found.awards.none": _("没有中选者：{failed}。"),
    "found.receipt": _("第 {seq} 条，{amount} 元。"),
    "found.receipt.floor": _("第 {seq} 条，密封的底价。"),
    "found.path": _("{n} 步。"),
    "found.signature": _("密钥 {key}。"),
    "found.kept": _("第 {seq} 条就是它。"),
}
FAULTS: Words = {
    "fault.unreadable": _("内容不成样子，无法核对。"),
    "fault.file_form": _("文件中的 {field} 不是规定的写法，或者不该有、不该缺。"),
    "fault.record_form": _("第 {seq} 条的 {field} 不是规定的写法，或者不该有、不该缺。"),
    "fault.not_canonical": _("第 {seq} 条多了、少了或改了字符。"),
    "fault.kind": _("第 {seq} 条是规则里没有的种类。"),
    "fault.no_opening": _("记录不是从开启开始的。"),
    "fault.numbered": _("第 {seq} 条的位置上是编号 {is}：有缺漏、重复或调换。"),
    "fault.other_competition": _("第 {seq} 条属于另一场竞争（{is}）。"),
    "fault.opened_again": _("第 {seq} 条又开启了一次。"),
    "fault.not_chained": _("第 {seq} 条没有接着前一条的哈希：这两条中有一条被改过。"),
    "fault.key_id": _("密钥 {key} 与它的编号不符。"),
    "fault.unknown_key": _("第 {first} 至 {last} 条由没有公布过的密钥 {key} 签名。"),
    "fault.signature": _("第 {first} 至 {last} 条的签名是假的。"),
    "fault.head_gap": _("第 {first} 至 {last} 条的签名没有接在第 {reached} 条之后。"),
    "fault.head_root": _("第 {first} 至 {last} 条与签名的根不符：其中有一条被改过。"),
    "fault.unsigned": _("第 {reached} 条之后没有签名。"),
    "fault.rules_missing": _("文件没有带上规则 {rules}。"),
    "fault.rules_changed": _("文件里的规则 {rules} 不是开启时写定的那一份。"),
    "fault.rules_astray": _("按规则 {rules}，{field} 应当是另一个值。"),
    "fault.extension_missing": _("第 {bid} 条报价应当顺延截止时间，第 {seq} 条却不是这次顺延。"),
    "fault.extension_unfounded": _("第 {seq} 条移动了截止时间，却没有引起它的报价。"),
    "fault.bid_refused": _("第 {seq} 条报价按规则不应接受：{why}。"),
    "fault.floors_unopened": _("有密封的底价，截止后却没有说明。"),
    "fault.floors_seal": _("第 {seq} 条的底价与密封的摘要不符。"),
    "fault.floors_whose": _("第 {seq} 条的底价不属于已报名的机构。"),
    "fault.floors_opened": _("第 {seq} 条的底价该公开的没有公开，或不该公开的公开了。"),
    "fault.floors_bid": _("第 {seq} 条与底价应当引起的自动报价不符。"),
    "fault.after_close": _("第 {seq} 条出现在截止之后。"),
    "fault.before_close": _("第 {seq} 条出现在截止之前。"),
    "fault.entered_late": _("第 {seq} 条的报名晚于报名截止。"),
    "fault.pseudonym_taken": _("第 {seq} 条用了已经给过别家的代号。"),
    "fault.withdrawn_late": _("第 {seq} 条的撤回晚于报名截止。"),
    "fault.withdrawn_unknown": _("第 {seq} 条撤回的机构没有报名。"),
    "fault.close_reason": _("第 {seq} 条写的截止原因与报名家数不符。"),
    "fault.closed_early": _("第 {seq} 条在截止时间之前就截止了。"),
    "fault.revealed_again": _("第 {seq} 条不应在这里公布名称。"),
    "fault.fail_reason": _("第 {seq} 条写的流标原因与记录不符。"),
    "fault.no_close": _("记录在截止之前就断了。"),
    "fault.no_decision": _("记录没有写到结果。"),
    "fault.names_of_others": _("公布的名称与报名的代号对不上。"),
    "fault.name_false": _("{by} 的名称打不开报名时的密封。"),
    "fault.draw_missing": _("应当抽取一次，记录里有 {n} 次。"),
    "fault.draw_unfounded": _("这里不应有抽取。"),
    "fault.draw_secret": _("第 {seq} 条公布的种子不是事先承诺的那一个。"),
    "fault.draw_entrants": _("第 {seq} 条抽取的名单不是全部报名机构。"),
    "fault.draw_winner": _("第 {seq} 条写的不是算出来的那一家。"),
    "fault.award_early": _("第 {seq} 条在结果算得出来之前就定了中选。"),
    "fault.award_other": _("第 {seq} 条定 {by} 中选，按规则应当是 {expected}，或者价格、顺位不对。"),
    "fault.excluded_other": _("第 {seq} 条跳过了 {by}，还没有轮到它。"),
    "fault.receipt_form": _("回执中的 {field} 不是规定的写法，或者不该有、不该缺。"),
    "fault.receipt_hash": _("回执的哈希不是它那条记录的哈希：其中一个被改过。"),
    "fault.receipt_field": _("回执写的 {field} 与它那条记录里的不同。"),
    "fault.receipt_opening": _("回执里的底价打不开那条记录的密封。"),
    "fault.path_shape": _("路径不是第 {seq} 条在第 {first} 至 {last} 条中的路径。"),
    "fault.path_root": _("路径通向另一个根。"),
    "fault.kept_other": _("这是另一场竞争（{is}）的记录。"),
    "fault.kept_changed": _("记录里的第 {seq} 条不是回执上的那一条：报价之后记录被改过。请保留回执，它就是证据。"),
    "fault.kept_head": _("记录里没有回执上签名的那一批：记录被重新签过名。请保留回执，它就是证据。"),
}
WHY: Words = {
    "why.repeated": _("同一笔计了两次"),
    "why.closed": _("已经截止"),
    "why.not_entered": _("报价人没有报名"),
    "why.early": _("还没有开始"),
    "why.late": _("已经过了截止时间"),
    "why.auto_ref": _("自动报价不应带有报价人的编号"),
    "why.price": _("没有降够最小降幅，或高于最高限价"),
}
FAILED: Words = {
    "failed.too_few_entrants": _("报名机构不足"),
    "failed.no_bid": _("无人报价"),
    "failed.none_left": _("没有可以递补的机构"),
    "failed.cancelled": _("采购人终止"),
}
PAGE: Words = {
    "state.waiting": _("待核对"),
    "state.running": _("核对中"),
    "state.good": _("通过"),
    "state.bad": _("不通过"),
    "state.skipped": _("没有核对到"),
    "result.good": _("全部通过：这份记录与平台签名的一致，结果按规则重算相同。"),
    "result.bad": _("没有通过：{check}。"),
    "result.bad_help": _(
        "文件在传送中损坏、被人改过，或记录本身有误。请从竞价页面重新下载再核对；仍不通过的，请连同文件一起投诉。"
    ),
    "result.key_help": _(
        "这份记录可能来自另一个平台，或签名是别人的。如果您自己记下过那个平台的公钥，可以在下面填写后再核对。"
    ),
    "result.running": _("正在您的浏览器里核对 {name}…"),
    "result.receipt_good": _("回执有效：平台签过名，记录里也有它。"),
    "result.receipt_alone": _("回执有效：平台签过名。把这场竞争的完整记录也放进来，就能核对它是否入册。"),
    "result.receipt_bad": _("回执没有通过：{check}。"),
    "result.took": _("{name}，用时 {ms} 毫秒，{engine}。"),
    "engine.native": _("签名由浏览器自带的 WebCrypto 核对"),
    "engine.own": _("这个浏览器不认识 Ed25519，签名由本页自己的算法核对，结果相同，只是慢一些"),
    "file.unknown": _("{name} 既不是 PDF，也不是竞价记录或回执。"),
    "file.too_large": _("{name} 超过 {mb} MB，不像是竞价记录。"),
    "file.insecure": _(
        "浏览器只在 https 或本机地址上提供密码学函数，这一页无法核对。请用 https 打开，或下载记录后离线核对。"
    ),
    "file.offline": _("没能取到记录：网络不通。已经下载的文件仍可以在这里核对。"),
    "keys.bad": _("第 {line} 行不是“编号=公钥”，或编号与公钥不符。"),
    "keys.own": _("只信任您写的 {n} 把密钥。"),
    "summary.need": _("需求编号"),
    "summary.competition": _("竞争编号"),
    "summary.method": _("选取方式"),
    "summary.live_auction": _("竞价选取"),
    "summary.random_draw": _("随机选取"),
    "summary.ceiling": _("最高限价"),
    "summary.closed": _("截止于"),
    "summary.winner": _("中选机构"),
    "summary.amount": _("中选金额"),
    "summary.records": _("记录到"),
    "summary.at": _("{at}，共 {n} 条"),
    "summary.yuan": _("{amount} 元"),
    "summary.failed": _("流标：{reason}"),
    "list.join": _("、"),
    "rank.awarded": _("中选（第 {rank} 顺位）"),
    "rank.excluded": _("已不符合条件"),
}


def spoken() -> dict[str, str]:
    """Every text of the page's modules in the active language."""
    checks = {f"check.{code}": name for code, _icon, name, _what in (*CHECKS, *RECEIPT_CHECKS)}
    parts: tuple[Mapping[str, Any], ...] = (checks, FOUND, FAULTS, WHY, FAILED, PAGE)
    return {key: str(text) for part in parts for key, text in part.items()}
