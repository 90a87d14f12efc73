"""Finding an item among 20,000: the bigram index beside a LIKE scan and beside FTS5 with trigrams.

Method. Items are made up from departments × objects × acts, with materials and bases drawn from a list (seeded), and
published through the storage contract, as a province's catalogue would be. The questions are single words of two
characters, names with a wrong character, words of citizens with their synonyms, two words, and whole names. Every
question is asked of each contender once a round, in an order that changes. The library's answer is ranked and says
why; LIKE and FTS5 only list names that hold the text, up to the same limit, ordered by length: they get the words that
say nothing taken out, and no ranking is asked of them. FTS5 is given the names alone.

For each contender: median and 95th percentile of one question, and how many questions found the item they were made
from, or one with the word, within the first five. The ratio is the median of the ratios within a question.

What it does not show: the network, the page, other writers at work, another disk.

Run: python benchmarks/search.py [--items N] [--rounds N] [--postgresql]; the last needs the plugin and a PostgreSQL.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from egov_core.domain.catalogue import Material
from egov_core.domain.legal import LegalBasis
from egov_core.domain.search.question import question
from egov_core.ports.queries import SearchItems
from egov_core.ports.storage import ReferenceRow, Unit
from egov_core.runtime.synonyms import shipped_synonyms
from egov_core.storage.sql.queries import SqlQueries
from egov_core.storage.sql.sqlite import open_sqlite
from egov_core.testing.search_rows import item_row, organ_row
from egov_core.testing.storage_rows import AREA

DAY = date(2020, 7, 1)
FIRST = 5
BATCH = 2_000

DEPARTMENTS = (
    *("市场监督管理局", "公安局", "民政局", "教育局", "水务局", "农业农村局", "卫生健康局", "交通运输局"),
    *(
        "住房和城乡建设局",
        "自然资源局",
        "生态环境局",
        "文化旅游局",
        "应急管理局",
        "人力资源和社会保障局",
        "林业局",
        "税务局",
    ),
    *("医疗保障局", "残疾人联合会", "司法局", "财政局", "气象局", "烟草专卖局", "城市管理局", "商务局"),
)
HEADS = (
    *(
        "食品",
        "药品",
        "医疗器械",
        "化妆品",
        "特种设备",
        "道路货物",
        "道路旅客",
        "网络预约出租汽车",
        "巡游出租汽车",
        "机动车维修",
    ),
    *(
        "建筑工程",
        "市政工程",
        "水利工程",
        "公路工程",
        "燃气",
        "供水",
        "污水",
        "农药",
        "兽药",
        "种子",
        "种畜禽",
        "动物防疫",
    ),
    *("水产苗种", "渔业捕捞", "林木采伐", "林地占用", "野生动物", "采矿权", "探矿权", "国有建设用地", "集体建设用地"),
    *(
        "不动产",
        "房屋租赁",
        "商品房",
        "公共租赁住房",
        "社会团体",
        "民办学校",
        "幼儿园",
        "医疗机构",
        "护士执业",
        "医师执业",
    ),
    *("公共场所卫生", "饮用水卫生", "放射诊疗", "互联网上网服务", "娱乐场所", "营业性演出", "出版物", "印刷", "旅行社"),
    *(
        "烟花爆竹",
        "危险化学品",
        "民用爆炸物品",
        "剧毒化学品",
        "劳务派遣",
        "人力资源服务",
        "养老机构",
        "公墓",
        "残疾人证",
    ),
    *("居民身份证", "户口", "居住证", "护照", "养老保险", "失业保险", "工伤保险", "医疗保险", "生育保险", "社会保障卡"),
)
PARTS = (
    *(
        "经营",
        "生产",
        "销售",
        "运输",
        "储存",
        "使用",
        "设立",
        "场所",
        "单位",
        "人员",
        "车辆",
        "设备",
        "设施",
        "机构",
        "项目",
    ),
    *("合同", "资质", "资格", "档案", "信息", "补贴", "待遇", "费用", "分支机构", "法定代表人", "注册地址", "经营范围"),
)
ACTS = (
    *(
        "许可",
        "许可证核发",
        "许可延续",
        "许可变更",
        "许可注销",
        "遗失补办",
        "备案",
        "备案变更",
        "登记",
        "变更登记",
        "注销登记",
    ),
    *("审批", "审核转报", "核准", "查询", "认定", "年度审验", "换发"),
)
MATERIALS = (
    *("申请表", "营业执照", "身份证明", "授权委托书", "场所平面图", "健康证明", "消防验收意见", "租赁合同", "验资报告"),
    *("安全管理制度", "从业人员名册", "环境影响报告", "卫生检测报告", "土地使用证明", "可行性研究报告"),
)
BASES = (
    "《行政许可法》",
    "《食品安全法》",
    "《道路运输条例》",
    "《城乡规划法》",
    "《药品管理法》",
    "《公司法》",
    "《动物防疫法》",
)


def catalogue(count: int, rng: random.Random) -> list[tuple[str, ReferenceRow]]:
    """So many items with different names, each with the name it has."""
    names = [f"{head}{part}{act}" for head in HEADS for part in PARTS for act in ACTS]
    rng.shuffle(names)
    found = []
    for number, name in enumerate(names[:count]):
        materials = tuple(Material(code=f"m{n}", name=one) for n, one in enumerate(rng.sample(MATERIALS, 5)))
        basis = (LegalBasis(instrument=rng.choice(BASES)),)
        organ = f"jg{number % len(DEPARTMENTS):03}"
        row = item_row(f"sx{number:06}", name, organ, materials=materials, basis=basis)
        found.append((name, row))
    return found


def holding(*words: str) -> Callable[[str], bool]:
    return lambda name: all(word in name for word in words)


def batch(rows: list[ReferenceRow]) -> Callable[[Unit], None]:
    return lambda unit: unit.put_references(rows)


def questions(names: list[str], rng: random.Random) -> list[tuple[str, str, Callable[[str], bool]]]:
    """What is asked: the kind, the text, and whether a name answers it."""
    asked: list[tuple[str, str, Callable[[str], bool]]] = []
    for name in rng.sample(names, 40):
        at = rng.randrange(1, len(name) - 1)
        wrong = name[:at] + rng.choice("贸艺佰柒") + name[at + 1 :]
        asked.append(("a whole name", name, name.__eq__))
        asked.append(("a name with a wrong character", wrong, name.__eq__))
    heads = {head for head in HEADS if any(name.startswith(head) for name in names)}
    for head in rng.sample(sorted(heads), 40):
        part, act = rng.choice(PARTS), rng.choice(ACTS)
        asked.append(("two characters", head[:2], holding(head[:2])))
        asked.append(("two words", f"{head} {act}", holding(head, act)))
        asked.append(("a common word", part, holding(part)))
    for typed, word in (
        *(
            ("开饭店", "食品"),
            ("怎么办残疾证", "残疾人证"),
            ("身份证丢了", "居民身份证"),
            ("网约车", "网络预约出租汽车"),
        ),
        *(("社保卡", "社会保障卡"), ("开网吧", "互联网上网服务"), ("卖农药", "农药"), ("公租房", "公共租赁住房")),
        *(
            ("迁户口", "户口"),
            ("砍树", "林木采伐"),
            ("卖烟花", "烟花爆竹"),
            ("看病报销", "费用"),
            ("修车店", "机动车维修"),
        ),
    ):
        asked.append(("in the words of citizens", typed, holding(word)))
    return asked


Ask = Callable[[str], list[str]]


def library(storage: Any) -> Ask:
    queries = SqlQueries(storage)
    synonyms = shipped_synonyms()

    def ask(text: str) -> list[str]:
        return [hit.name for hit in queries.answer(SearchItems(area=AREA, text=text, day=DAY, synonyms=synonyms)).hits]

    return ask


def words_of(text: str) -> list[str]:
    """The words as typed without those that say nothing, which the others get, too."""
    return [run for one in question(text, shipped_synonyms()).wordings[0].readings for run in one.runs]


def like(connection: sqlite3.Connection) -> Ask:
    def ask(text: str) -> list[str]:
        words = words_of(text)
        where = " AND ".join("name LIKE ?" for _ in words)
        asked = f"SELECT name FROM plain WHERE {where} ORDER BY length(name), name LIMIT 20"  # noqa: S608 - ours
        return [name for (name,) in connection.execute(asked, [f"%{word}%" for word in words])]

    return ask


def trigrams(connection: sqlite3.Connection) -> Ask:
    asked = "SELECT name FROM fts WHERE fts MATCH ? ORDER BY rank LIMIT 20"

    def ask(text: str) -> list[str]:
        match = " AND ".join(f'"{word}"' for word in words_of(text))
        return [name for (name,) in connection.execute(asked, (match,))]

    return ask


@contextmanager
def published(storage: Any, rows: list[ReferenceRow], name: str) -> Iterator[Ask]:
    started = time.perf_counter()
    organs = [organ_row(f"jg{n:03}", organ) for n, organ in enumerate(DEPARTMENTS)]
    storage.write(batch(organs))
    for start in range(0, len(rows), BATCH):
        storage.write(batch(rows[start : start + BATCH]))
    print(f"{name}: {len(rows):,} items published in {time.perf_counter() - started:.1f} s")
    try:
        yield library(storage)
    finally:
        storage.close()


@contextmanager
def beside(names: list[str]) -> Iterator[sqlite3.Connection]:
    with tempfile.TemporaryDirectory() as folder:
        connection = sqlite3.connect(Path(folder) / "beside.db")
        connection.execute("CREATE TABLE plain (name TEXT)")
        connection.execute("CREATE VIRTUAL TABLE fts USING fts5(name, tokenize='trigram')")
        for table in ("plain", "fts"):
            connection.executemany(f"INSERT INTO {table} (name) VALUES (?)", [(name,) for name in names])  # noqa: S608 - ours
        connection.commit()
        yield connection
        connection.close()


def measure(contenders: dict[str, Ask], asked: list[tuple[str, str, Callable[[str], bool]]], rounds: int) -> None:
    times: dict[str, dict[int, list[float]]] = {name: {n: [] for n in range(len(asked))} for name in contenders}
    right: dict[str, dict[str, list[bool]]] = {name: {} for name in contenders}
    order = list(contenders)
    for turn in range(rounds):
        order = order[1:] + order[:1]
        for number, (kind, text, answers) in enumerate(asked):
            for name in order:
                started = time.perf_counter()
                found = contenders[name](text)
                times[name][number].append(time.perf_counter() - started)
                if turn == 0:
                    right[name].setdefault(kind, []).append(any(answers(one) for one in found[:FIRST]))
    first = next(iter(contenders))
    print(f"\n{'':28}{'median':>10}{'p95':>10}{'first ÷ it':>12}   found in the first {FIRST}")
    for name in contenders:
        each = sorted(one for held in times[name].values() for one in held)
        ratio = statistics.median(
            statistics.median(times[first][n]) / statistics.median(times[name][n]) for n in range(len(asked))
        )
        hit = sum(sum(one) for one in right[name].values())
        p95 = each[int(len(each) * 0.95)]
        print(f"{name:28}{each[len(each) // 2] * 1e3:8.2f}ms{p95 * 1e3:8.2f}ms{ratio:12.2f}   {hit} of {len(asked)}")
    print(f"\n{'found by kind':32}" + "".join(f"{name:>26}" for name in contenders))
    for kind in dict.fromkeys(kind for kind, _, _ in asked):
        shown = (f"{sum(right[name][kind])} of {len(right[name][kind])}" for name in contenders)
        print(f"{kind:32}" + "".join(f"{one:>26}" for one in shown))


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--items", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--postgresql", action="store_true")
    given = parser.parse_args()
    rng = random.Random(20)
    made = catalogue(given.items, rng)
    names, rows = [name for name, _ in made], [row for _, row in made]
    asked = questions(names, rng)
    with tempfile.TemporaryDirectory() as folder, beside(names) as connection:
        file = Path(folder) / "county.db"
        with published(open_sqlite(file), rows, "SQLite") as on_sqlite:
            contenders = {
                "this library, SQLite": on_sqlite,
                "LIKE": like(connection),
                "FTS5 trigrams": trigrams(connection),
            }
            print(f"the file has {file.stat().st_size / 1e6:.0f} MB")
            measure(contenders, asked, given.rounds)
    if given.postgresql:
        from egov_storage_postgresql.opening import open_postgresql
        from egov_storage_postgresql.testing import PostgresqlServer

        server = PostgresqlServer()
        try:
            with published(open_postgresql(server.url(server.new_database())), rows, "PostgreSQL") as on_postgresql:
                measure({"this library, PostgreSQL": on_postgresql}, asked, given.rounds)
        finally:
            server.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
