"""Terms, words that are nearly there, synonyms, wordings, rarity and rank: each by itself."""

from __future__ import annotations

import math
import tomllib
from importlib.resources import files
from itertools import pairwise
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from egov_core.domain.catalogue import Guide, Material
from egov_core.domain.legal import LegalBasis
from egov_core.domain.search.aims import Aim, asked_aims, only_aims
from egov_core.domain.search.candidates import Plan, beginnings
from egov_core.domain.search.near import near
from egov_core.domain.search.question import MOST_PARTS, Part, Reading, Widening, Wording, question
from egov_core.domain.search.ranking import Field, Ranking, in_order
from egov_core.domain.search.rarity import UNIT, Rarity, log2
from egov_core.domain.search.spoken import Tells
from egov_core.domain.search.synonyms import NO_SYNONYMS, Synonyms, parse_synonyms
from egov_core.domain.search.terms import LONGEST_TEXT, indexed_terms, normalised, runs, spans, terms
from egov_core.domain.search.weighing import weighed
from egov_core.errors import ClaimError
from egov_core.runtime.synonyms import shipped_synonyms
from egov_core.testing.search_rows import item

HAN = st.text(st.sampled_from("食品经营许可证公司设立登记户口水"), min_size=1, max_size=8)


# --- terms ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("食品经营", ["食品", "品经", "经营"]),
        ("税", ["税"]),
        ("ＫＴＶ娱乐", ["ktv", "娱乐"]),
        ("拖拉机/联合收割机", ["拖拉", "拉机", "联合", "合收", "收割", "割机"]),
        ("80周岁", ["80", "周岁"]),
        ("511Z07001006-000-11", ["511z07001006", "000", "11"]),
        ("（）——，。", []),
    ],
)
def test_a_text_has_these_terms(text: str, wanted: list[str]) -> None:
    assert terms(text) == wanted


def test_the_terms_that_are_stored_are_those_of_this_schema() -> None:
    """When this has to change, `storage.sql.schema.CURRENT` has to rise: old rows are found by the old terms."""
    assert sorted(indexed_terms("食品(含保健食品)经营许可 KTV〇一 2026")) == sorted(
        ["食品", "品", "含保", "保健", "健食", "经营", "营许", "许可", "可", "ktv", "〇一", "一", "2026"]
    )


@given(st.text(max_size=40))
def test_every_term_is_normal_and_stands_in_the_normal_text(text: str) -> None:
    plain = normalised(text)
    assert normalised(plain) == plain
    assert all(term in plain for term in indexed_terms(text))


@given(st.text(max_size=40), st.lists(st.text(min_size=1, max_size=3), max_size=3))
def test_spans_are_in_order_apart_and_hold_a_word(text: str, words: list[str]) -> None:
    found = spans(text, [normalised(word) for word in words])
    assert all(0 <= start < end <= len(text) for start, end in found)
    assert all(end < start for (_, end), (start, _) in pairwise(found))


def test_a_span_is_of_the_text_as_printed() -> None:
    assert spans("ＫＴＶ娱乐（场所）", ["ktv", "场所"]) == [(0, 3), (6, 8)]
    assert spans("食品经营", ["食品", "品经"]) == [(0, 3)]


# --- nearly -----------------------------------------------------------------------------------------------------------


@given(HAN.filter(lambda word: len(word) >= 4), st.data())
def test_one_change_is_near_and_two_far_ones_are_not(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 1))
    wrong = word[:at] + "龘" + word[at + 1 :]
    assert near(wrong, f"办{word}吗")
    assert not near("龘" + word[1:-1] + "龘", word)


@pytest.mark.parametrize("typed", ["食品竞营", "食经营许", "食品品经营", "食经品营"])
def test_wrong_missing_doubled_and_exchanged(typed: str) -> None:
    assert near(typed, "食品经营许可") in ("食品经营", "食品经营许", "食品经")


def test_two_characters_are_never_nearly_anything() -> None:
    assert not near("户品", "户口登记")
    assert not near("食经", "食品经营")


# --- synonyms ---------------------------------------------------------------------------------------------------------


def test_every_fault_of_a_file_is_named() -> None:
    data: dict[str, Any] = {
        "words": [],
        "noise": ["", 3],
        "synonym": [
            {"typed": [], "official": ["食品经营许可"]},
            {"typed": ["开饭店", "开 饭店"], "official": "食品经营许可", "why": ""},
            {"typed": ["开饭店"], "official": ["食" * 41]},
            "开饭店",
        ],
    }
    with pytest.raises(ClaimError) as refused:
        parse_synonyms(data, "own.toml")
    found = [(fault.path, fault.code) for fault in refused.value.faults]
    assert found == [
        ("words", "unknown-field"),
        ("noise", "type"),
        ("noise", "type"),
        ("synonym 1.typed", "missing"),
        ("synonym 2.why", "unknown-field"),
        ("synonym 2.official", "missing"),
        ("synonym 3.official", "length"),
        ("synonym 3.typed", "twice"),
        ("synonym 4", "type"),
    ]
    assert all(path in refused.value.message for path, _ in found)
    assert refused.value.remedy


def test_the_shipped_synonyms_can_be_read_and_are_many() -> None:
    assert len(shipped_synonyms()) > 300
    assert all(word == normalised(word) for word in shipped_synonyms().official)


def test_a_place_has_the_last_word() -> None:
    both = Synonyms({"低保": ("最低生活保障",), "庙": ("寺院",)}).and_those(Synonyms({"低保": ("低收入认定",)}))
    assert both.official == {"低保": ("低收入认定",), "庙": ("寺院",)}


def test_faults_of_acts_and_circumstances_are_named() -> None:
    data: dict[str, Any] = {
        "synonym": [{"typed": ["老板"], "official": ["单位"], "circumstance": "yes"}],
        "aim": [{"named": []}, {"named": ["注销"], "contrary": "设立", "usual": 1, "why": ""}, "注销"],
    }
    with pytest.raises(ClaimError) as refused:
        parse_synonyms(data, "own.toml")
    assert [(fault.path, fault.code) for fault in refused.value.faults] == [
        ("synonym 1.circumstance", "type"),
        ("aim 1.named", "missing"),
        ("aim 2.why", "unknown-field"),
        ("aim 2.contrary", "missing"),
        ("aim 2.usual", "type"),
        ("aim 3", "type"),
    ]


def test_a_place_adds_acts_and_says_anew_what_a_word_tells() -> None:
    shipped = Synonyms({"老板": ("单位",)}, circumstances=frozenset({"老板"}), aims=(Aim(("注销",)),))
    both = shipped.and_those(Synonyms({"老板": ("企业",)}, aims=(Aim(("封存",)),)))
    assert both.tells("老板") is Tells.THING
    assert both.aims == (Aim(("注销",)), Aim(("封存",)))


def test_no_word_stands_in_two_shipped_files() -> None:
    """The later would silently take the place of the earlier."""
    places: dict[str, list[str]] = {}
    for file in (files("egov_core") / "data" / "search").iterdir():
        for word in parse_synonyms(tomllib.loads(file.read_text(encoding="utf-8")), file.name).official:
            places.setdefault(word, []).append(file.name)
    assert {word: where for word, where in places.items() if len(where) > 1} == {}


def test_faults_of_divided_words_and_of_characters_that_are_alike_are_named() -> None:
    data: dict[str, Any] = {
        "synonym": [
            {"typed": ["成立…", "…公司", "开…个…店", "成立…公司", "成立...公司"], "official": ["公司设立登记"]}
        ],
        "alike": ["证正", "证", "证a", "证正证", 3],
    }
    with pytest.raises(ClaimError) as refused:
        parse_synonyms(data, "own.toml")
    assert [(fault.path, fault.code) for fault in refused.value.faults] == [
        *[("synonym 1.typed", "divided")] * 3,
        ("synonym 1.typed", "twice"),
        ("alike 2", "type"),
        ("alike 3", "type"),
        ("alike 4", "twice"),
        ("alike 5", "type"),
    ]
    with pytest.raises(ClaimError) as refused:
        parse_synonyms({"alike": "证正"}, "own.toml")
    assert [(fault.path, fault.code) for fault in refused.value.faults] == [("alike", "type")]


def read_as(text: str, words: Synonyms) -> list[tuple[str, bool]]:
    """The known words of a text, each with whether it was typed otherwise."""
    return [(one.word, one.corrected) for one in words.spoken(text)]


ALIKE = Synonyms(
    {
        "低保": ("最低生活保障",),
        "检疫": ("检疫合格证",),
        "丢": ("补办",),
        "残疾证": ("残疾人证",),
        "残军证": ("伤残证件",),
    },
    frozenset({"怎么", "了"}),
    alike=("保宝报", "简检", "易疫", "疾急"),
)


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("低宝", [("低保", True)]),
        ("怎么低宝了", [("低保", True)]),
        ("低宝丢了", [("低保", True), ("丢", False)]),
        ("低堡", []),
        ("低宝户", []),
        ("简疫", [("检疫", True)]),
        ("简易", []),
        ("残急证", [("残疾证", True)]),
        ("残基证", [("残军证", True)]),
    ],
)
def test_a_short_word_is_recognised_by_a_character_that_is_alike_where_it_stands_alone(
    text: str, known: list[tuple[str, bool]]
) -> None:
    assert read_as(text, ALIKE) == known


def test_without_characters_that_are_alike_a_word_of_two_is_what_it_is() -> None:
    assert read_as("低宝", attrs.evolve(ALIKE, alike=())) == []


def test_what_was_typed_and_stands_in_the_catalogue_is_no_slip() -> None:
    words = Synonyms({"税务": ("纳税登记",)}, alike=("水税",))
    asked = question("水务", words)
    (part,) = asked.wordings[1].parts
    known, strange = Rarity(100, {"水务": 3, "纳税": 3}), Rarity(100, {"纳税": 3})
    assert [one.reading for one in weighed(asked.wordings[1], known)[0]] == [part.readings[-1]]
    assert [one.reading for one in weighed(asked.wordings[1], strange)[0]] == list(part.readings)


DIVIDED = Synonyms(
    {
        "成立...公司": ("公司设立登记",),
        "成立合作社": ("农民专业合作社设立登记",),
        "开...门面": ("个体工商户",),
        "开锁": ("开锁业",),
        "买拖拉机...补": ("农机购置补贴",),
    },
    frozenset({"一家"}),
)


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("成立一家科技公司", ["成立...公司"]),
        ("成立公司", ["成立...公司"]),
        ("公司成立", []),
        ("成立一二三四五六七八公司", ["成立...公司"]),
        ("成立一二三四五六七八九公司", []),
        ("成立合作社公司", ["成立合作社"]),
        ("开锁的门面", ["开锁"]),
        ("开个门面", ["开...门面"]),
        ("买拖拉机国家补多少", ["买拖拉机...补"]),
    ],
)
def test_the_halves_of_a_divided_word_stand_in_their_order_and_not_far_from_each_other(
    text: str, known: list[str]
) -> None:
    assert [one.word for one in DIVIDED.spoken(text)] == known


def test_what_stands_between_the_halves_is_a_part_of_its_own() -> None:
    assert wordings("成立一家科技公司", DIVIDED)[1] == [["公司设立登记", "成立 公司"], ["科技"]]


@pytest.mark.parametrize(
    ("typed", "word"),
    [("养蜂的证", "养鱼的证"), ("媳妇的户口", "娃的户口"), ("餐馆不开了", "店不开了"), ("第三个孩子", "抱个孩子")],
)
def test_another_word_that_is_right_is_no_slip(typed: str, word: str) -> None:
    words = Synonyms(
        {word: ("错",), "养蜂": ("养蜂证",), "户口": ("户口",), "孩子": ("儿童",)}, frozenset("的个不开了")
    )
    assert all(one.official != ("错",) for one in words.spoken(typed))


# --- wordings ---------------------------------------------------------------------------------------------------------

WORDS = Synonyms(
    {"身份证": ("居民身份证",), "丢了": ("补领", "挂失"), "开饭店": ("食品经营许可",), "饭店": ("旅馆业",)},
    frozenset({"怎么办", "办", "开"}),
)


def wordings(text: str, synonyms: Synonyms = WORDS) -> list[list[list[str]]]:
    """Of each wording the parts, and of each part the readings."""
    asked = question(text, synonyms)
    return [[[" ".join(one.runs) for one in part.readings] for part in wording.parts] for wording in asked.wordings]


def test_the_text_as_typed_is_the_first_wording_and_the_second_has_the_readings_of_each_known_word() -> None:
    assert wordings("身份证丢了怎么办") == [
        [["身份证丢了"]],
        [["居民身份证", "身份证"], ["补领", "挂失", "丢了"]],
    ]


def test_what_stands_between_known_words_is_a_part_as_it_was_typed() -> None:
    assert wordings("在县城开饭店卖酒")[1] == [["在县城"], ["食品经营许可", "开饭店"], ["卖酒"]]


def test_the_longest_word_is_taken() -> None:
    assert wordings("开饭店") == [[["开饭店"]], [["食品经营许可", "开饭店"]]]


def test_a_word_with_a_wrong_character_is_recognised_and_counts_less() -> None:
    (wrong,) = question("身分证", WORDS).wordings[1].parts
    (right,) = question("身份证", WORDS).wordings[1].parts
    assert [(one.runs, one.by and one.by.corrected) for one in wrong.readings] == [
        (("居民身份证",), True),
        (("身分证",), None),
    ]
    assert wrong.readings[0].worth < right.readings[0].worth


def test_a_long_word_with_a_wrong_character_goes_before_a_short_one_within_it() -> None:
    words = Synonyms(
        {"伤残津贴": ("伤残待遇",), "伤残": ("残疾人证",), "身份证": ("居民身份证",), "办身分证": ("居住证",)}
    )
    assert wordings("伤残津帖", words)[1] == [["伤残待遇", "伤残津帖"]]
    assert wordings("补身份证", words)[1] == [["居民身份证", "身份证"]]


def test_a_word_of_one_character_is_one_only_at_the_edge_of_what_is_left() -> None:
    words = Synonyms({"养": ("养殖",), "兔": ("动物",)}, frozenset("我要"))
    assert wordings("我要养兔", words)[1] == [["养殖", "养"], ["动物", "兔"]]
    assert len(wordings("收养人", words)) == 1


def test_words_that_say_nothing_are_left_out_unless_nothing_else_is_there() -> None:
    assert wordings("怎么办") == [[["怎么办"]]]
    assert wordings("户口怎么办")[0] == [["户口"]]
    assert wordings("办 户口")[0] == [["户口"]]
    assert wordings("开办户口")[0] == [["开办户口"]]
    assert wordings("户口怎么办开办")[0] == [["户口"]], "a run of nothing but such characters says nothing"


@pytest.mark.parametrize("text", ["", " ", "，。？", "%_'"])
def test_a_text_without_a_word_has_no_reading(text: str) -> None:
    assert question(text, shipped_synonyms()).wordings == ()


@given(st.text(max_size=300))
def test_any_text_can_be_read_in_bounds(text: str) -> None:
    asked = question(text, shipped_synonyms())
    assert len(asked.wordings) <= 2
    assert all(part.readings and all(one.runs for one in part.readings) for w in asked.wordings for part in w.parts)
    known = [part for wording in asked.wordings for part in wording.parts if len(part.readings) > 1]
    assert len(known) <= MOST_PARTS
    assert bool(asked.wordings) == bool(runs(text[:LONGEST_TEXT]))


# --- rarity -----------------------------------------------------------------------------------------------------------


@given(st.integers(1, 10**7), st.integers(1, 10**7))
def test_the_logarithm_is_exact_to_a_1024th_and_rounded_down(one: int, other: int) -> None:
    high, low = max(one, other), min(one, other)
    assert log2(high, low) / UNIT == pytest.approx(math.log2(high / low), abs=1.01 / UNIT)
    assert 2 ** (log2(high, low) / UNIT) <= high / low * (1 + 1e-9)


def test_a_rare_term_says_more_than_a_common_one_and_one_that_nothing_has_says_half() -> None:
    rarity = Rarity(1000, {"许可": 400, "食品": 10, "蜂": 1})
    assert rarity.of("许可") < rarity.of("食品") < rarity.of("蜂")
    assert rarity.of("龘龘") == log2(2002, 1) // 2
    assert rarity.of("许可") > 0


# --- rank -------------------------------------------------------------------------------------------------------------

RARITY = Rarity(100, {"食品": 3, "品经": 2, "经营": 20, "营许": 10, "许可": 40})


def ranked(text: str, *items: Any, organ: str = "水务局") -> list[Any]:
    ranking = Ranking([Wording.typed((text,))], RARITY, text)
    return in_order(one for each in items if (one := ranking.rank(each, organ)) is not None)


def test_name_before_materials_before_basis() -> None:
    name = item("c", "食品经营许可")
    material = item("b", "其他事项", materials=(Material(code="m", name="食品经营许可"),))
    basis = item("a", "其他事项", basis=(LegalBasis(instrument="食品经营许可"),))
    assert [one.item.code for one in ranked("食品经营许可", basis, material, name)] == ["c", "b", "a"]


def test_a_whole_word_before_its_parts_and_a_short_name_before_a_long_one() -> None:
    whole, parts = item("c", "食品经营许可"), item("b", "食品和经营许可")
    long = item("a", "食品经营许可（仅限于其他各种情形的特殊经营者）")
    assert [one.item.code for one in ranked("食品经营许可", long, parts, whole)] == ["c", "a", "b"]


def test_equal_answers_are_in_the_order_of_their_codes() -> None:
    same = [item(code, "食品经营许可") for code in ("b", "c", "a")]
    assert [one.item.code for one in ranked("食品", *same)] == ["a", "b", "c"]


def test_a_word_of_letters_begins_where_a_word_begins() -> None:
    assert ranked("kt", item("a", "KTV娱乐")) == []
    assert ranked("tv", item("a", "KTV娱乐")) == []
    assert ranked("ktv", item("a", "开KTV娱乐"))[0].found[0].field is Field.NAME
    assert ranked("sx21", item("sx2105", "幼儿园"))[0].found[0].field is Field.CODE


def by_synonym(*official: str) -> Part:
    return Part((*(Reading((word,), Widening("typed", word)) for word in official), Reading(("typed",))))


def test_of_each_part_the_reading_that_an_item_answers_counts_and_is_told() -> None:
    parts = (by_synonym("食品", "药品"), by_synonym("许可", "备案"))
    ranking = Ranking([Wording(parts)], Rarity(100, {"食品": 3, "药品": 3, "许可": 40, "备案": 40}))
    both, one = ranking.rank(item("a", "药品备案"), ""), ranking.rank(item("b", "药品登记"), "")
    assert both is not None
    assert one is not None
    assert [by.official for by in both.by] == ["药品", "备案"]
    assert both.share == 1000
    assert one.share < 1000
    assert both.score > one.score


def test_the_very_word_typed_counts_no_less_than_the_longer_one_that_it_may_stand_for() -> None:
    part = Part((Reading(("失业保险金申领",), Widening("失业", "失业保险金申领")), Reading(("失业",))))
    names = ("失业登记", "失业保险金申领")
    ranking = Ranking([Wording((part, *Wording.typed(("登记",)).parts))], Rarity(100, {"失业": 5, "登记": 20}))
    found = in_order(one for n, name in enumerate(names) if (one := ranking.rank(item(str(n), name), "")))
    assert found[0].item.name == "失业登记"


def test_the_item_whose_name_was_typed_comes_first() -> None:
    longer, named = item("a", "食品经营"), item("b", "食品（经营）许可办理")
    ranking = Ranking([Wording.typed(("食品经营",))], RARITY, "食品经营许可办理")
    found = in_order(one for each in (longer, named) if (one := ranking.rank(each, "")) is not None)
    assert found[0].item is named


def test_words_that_nothing_has_do_not_hide_the_one_that_is_known() -> None:
    """A sentence fails by nothing but what it tells: the words around a known one weigh as one rare term."""
    rarity = Rarity(1000, {"野外": 5, "外用": 5, "用火": 5})
    around = Wording.typed(("隔壁老王冬天清早常常跑去那片坡地",)).parts
    known = by_synonym("野外用火")
    found = Ranking([Wording((*around, known))], rarity).rank(item("a", "野外用火审批"), "")
    assert found is not None
    assert found.is_hit
    strange = Ranking([Wording.typed(("量子纠缠用火望远镜",))], rarity).rank(item("a", "野外用火审批"), "")
    assert strange is None or not strange.is_hit


def found_by(parts: tuple[Part, ...], name: str, counts: dict[str, int]) -> bool:
    one = Ranking([Wording(parts, known=True)], Rarity(100, counts)).rank(item("a", name), "")
    return one is not None and one.is_hit


def test_an_official_word_is_never_nearly_there_and_what_was_typed_is() -> None:
    counts = {"结婚": 1, "婚登": 1, "登记": 20}
    assert not found_by((by_synonym("离婚登记"),), "结婚登记", counts)
    assert found_by(Wording.typed(("结昏登记",)).parts, "结婚登记", counts)


def test_of_an_official_word_the_beginning_tells() -> None:
    counts = {"食品": 2, "品经": 2, "经营": 20, "营许": 15, "许可": 40}
    assert not found_by((by_synonym("食品经营许可"),), "化学品经营许可", counts)
    assert found_by((by_synonym("食品经营许可"),), "食品（含保健食品）经营许可核发", counts)


def test_who_asks_finds_nothing_where_a_thing_was_asked_for_and_something_where_none_was() -> None:
    who = Part((Reading(("单位",), Widening("老板", "单位")), Reading(("老板",))), Tells.CIRCUMSTANCE)
    wages = by_synonym("劳动争议仲裁")
    counts = {"单位": 5}
    assert found_by((who,), "单位登记", counts)
    assert not found_by((who, wages), "单位登记", counts)


def test_an_act_alone_is_no_answer_to_a_thing() -> None:
    again = Part((Reading(("补办",), Widening("丢了", "补办")), Reading(("丢了",))), Tells.AIM)
    counts = {"补办": 1, "手机": 0}
    assert not found_by((*Wording.typed(("手机",)).parts, again), "护士证补办", counts)
    assert found_by((again,), "护士证补办", counts)


def test_what_an_item_asks_for_as_a_material_answers_half_of_a_question() -> None:
    licence = Material(code="m", name="营业执照")
    parts = Wording.typed(("营业执照", "遗失补办")).parts
    counts = {"营业": 5, "业执": 5, "执照": 5, "遗失": 2, "失补": 2, "补办": 2}
    ranking = Ranking([Wording(parts)], Rarity(100, counts))
    asks, gives = item("a", "房屋预售", materials=(licence,)), item("b", "营业执照换发")
    one, other = ranking.rank(asks, ""), ranking.rank(gives, "")
    assert one is not None
    assert other is not None
    assert one.share == other.share
    assert (one.is_hit, other.is_hit) == (False, True)


# --- aims -------------------------------------------------------------------------------------------------------------

DIVORCE = Aim(("离婚",), ("过不下去",), ("结婚",), thing=True)
CLOSE = Aim(("注销", "终止"), ("不开了",), ("设立", "成立"))
FOUND = Aim(("设立", "成立"), (), ("注销",), usual=True)
COPY = Aim(("补办",), ("丢了",))
AIMS = (DIVORCE, CLOSE, FOUND, COPY)


@pytest.mark.parametrize(
    ("typed", "contrary", "other"),
    [
        ("离婚", "结婚登记", "中国内地公民婚姻登记"),
        ("过不下去", "结婚登记", "离婚登记预约"),
        ("公司不开了", "公司设立登记", "公司注销登记"),
        ("公司注销", "公司设立登记", "食品经营许可"),
        ("设立公司", "公司注销登记", "公司设立登记"),
        ("注销公司再成立一个", "机动车", "公司设立登记"),
    ],
)
def test_the_contrary_of_what_was_typed_is_known_by_its_name(typed: str, contrary: str, other: str) -> None:
    aims = asked_aims(typed, (), AIMS)
    assert aims.is_contrary(contrary) is (contrary != "机动车")
    assert not aims.is_contrary(other)


def test_an_act_that_is_neither_typed_nor_meant_counts_against_an_item() -> None:
    assert asked_aims("身份证", (), AIMS).is_unasked("身份证补办")
    assert not asked_aims("身份证丢了", (), AIMS).is_unasked("身份证补办")
    assert not asked_aims("身份证", ("身份证补办",), AIMS).is_unasked("身份证补办")
    assert not asked_aims("公司", (), AIMS).is_unasked("公司设立登记"), "what is usual need not be asked for"


def test_an_item_with_an_act_that_nobody_asked_for_comes_after_the_same_without() -> None:
    aims = asked_aims("医师执业", (), AIMS)
    ranking = Ranking([Wording.typed(("医师执业",), aims)], Rarity(100, {"医师": 3, "师执": 3, "执业": 9}))
    items = (item("a", "医师执业补办"), item("b", "医师执业注册"))
    found = in_order(one for each in items if (one := ranking.rank(each, "")) is not None)
    assert [one.item.code for one in found] == ["b", "a"]


def test_the_contrary_is_near_unless_its_very_name_was_typed() -> None:
    rarity, aims = Rarity(100, {"公司": 3, "司设": 1, "设立": 9}), asked_aims("注销公司设立", (), (CLOSE,))
    contrary = attrs.evolve(aims, typed=(attrs.evolve(CLOSE, named=("终止",)),))
    for typed, is_hit in (("注销公司", False), ("公司设立", True)):
        one = Ranking([Wording.typed((typed,), contrary)], rarity, typed).rank(item("a", "公司设立"), "")
        assert one is not None
        assert one.is_hit is is_hit


def test_words_of_nothing_but_acts_are_told_from_things() -> None:
    assert only_aims(("补办", "注销补办"), AIMS)
    assert not only_aims(("公司注销",), AIMS)
    assert not only_aims(("离婚",), AIMS), "离婚 is a matter of its own"
    assert not only_aims(("补办",), ())


# --- candidates -------------------------------------------------------------------------------------------------------


def plan(text: str, counts: dict[tuple[str, str], int], vocabulary: dict[tuple[str, str], int] | None = None) -> Plan:
    asked = question(text, NO_SYNONYMS)
    return Plan.of(asked, 20_000, counts, beginnings(asked, counts), vocabulary or {})


def test_common_terms_are_not_read_but_asked_for_among_those_found() -> None:
    counts = {("食品", "name"): 30, ("许可", "name"): 9_000, ("许可", "basis"): 15_000}
    made = plan("食品 许可", counts)
    assert made.worth_reading() == {("食品", "name")}
    terms_, codes = made.to_probe([("食品", "name", "a"), ("食品", "name", "b")])
    assert (terms_, codes) == (["许可"], ["a", "b"])


def test_a_common_term_alone_is_read() -> None:
    assert ("许可", "name") in plan("许可", {("许可", "name"): 9_000, ("许可", "basis"): 15_000}).worth_reading()


def test_an_item_that_has_all_terms_comes_before_those_that_have_one() -> None:
    made = plan("食品 许可", {("食品", "name"): 300, ("许可", "name"): 300})
    postings = [("食品", "name", f"f{n:03}") for n in range(300)] + [("许可", "name", "f299")]
    assert "f299" in made.nominated(postings)


def test_what_nothing_has_is_looked_for_by_its_first_character() -> None:
    counts = {("登记", "name"): 3}
    asked = question("生肓登记", NO_SYNONYMS)
    begun = beginnings(asked, counts)
    assert begun["生肓"] == "生"
    made = Plan.of(asked, 10, counts, begun, {("生育", "name"): 1, ("生产", "basis"): 4})
    assert ("生育", "name") in made.worth_reading()
    assert ("生产", "basis") not in made.worth_reading()


@pytest.mark.parametrize(
    ("name", "part", "full"),
    [
        ("婚姻登记", "", "婚姻登记"),
        ("婚姻登记", "结婚", "婚姻登记（结婚）"),
        ("婚姻登记", "婚姻登记", "婚姻登记"),
        ("食品经营许可", "食品经营许可变更", "食品经营许可变更"),
    ],
)
def test_the_full_name_has_the_sub_item_once(name: str, part: str, full: str) -> None:
    assert item("i", name, guide=Guide(subitem=part)).full_name == full


def test_the_contrary_sub_item_comes_last() -> None:
    """注销食品证 is for 注销, and not for 新办 of the same name."""
    items = [item(code, "食品经营许可", guide=Guide(subitem=part)) for code, part in (("i-1", "新办"), ("i-2", "注销"))]
    counts = dict.fromkeys(indexed_terms("食品经营许可"), 2) | {"新办": 1, "注销": 1}
    ranking = Ranking(question("注销食品经营许可", NO_SYNONYMS).wordings, Rarity(2, counts), "注销食品经营许可")
    ranked = in_order(one for one in (ranking.rank(each, "") for each in items) if one is not None)
    assert ranked[0].item.code == "i-2"
