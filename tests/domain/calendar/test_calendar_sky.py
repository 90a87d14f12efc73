"""Festivals from the sky: an independent check of the shipped lunar table.

New moons and the Sun's apparent longitude by the short series of Meeus, *Astronomical Algorithms* (chapters 25 and 49;
good to a few minutes here), and the rules of GB/T 33661-2017: months begin on the day of the new moon at UTC+8, the
month of the winter solstice is the eleventh, and where thirteen months lie between two solstices the first without a
major solar term is the leap month.
"""

from __future__ import annotations

from datetime import date, timedelta
from math import floor, radians, sin

from egov_core.runtime.shipped import regulation

_UTC8 = 8 / 24


def new_moon(k: int) -> float:
    """Julian ephemeris day of the k-th new moon after 2000-01-06."""
    t = k / 1236.85
    jde = 2451550.09766 + 29.530588861 * k + 0.00015437 * t**2
    e = 1 - 0.002516 * t
    m = radians(2.5534 + 29.1053567 * k)
    mm = radians(201.5643 + 385.81693528 * k + 0.0107582 * t**2)
    f = radians(160.7108 + 390.67050284 * k - 0.0016118 * t**2)
    om = radians(124.7746 - 1.56375588 * k + 0.0020672 * t**2)
    jde += (
        -0.40720 * sin(mm) + 0.17241 * e * sin(m) + 0.01608 * sin(2 * mm) + 0.01039 * sin(2 * f)
        + 0.00739 * e * sin(mm - m) - 0.00514 * e * sin(mm + m) + 0.00208 * e**2 * sin(2 * m)
        - 0.00111 * sin(mm - 2 * f) - 0.00057 * sin(mm + 2 * f) + 0.00056 * e * sin(2 * mm + m)
        - 0.00042 * sin(3 * mm) + 0.00042 * e * sin(m + 2 * f) + 0.00038 * e * sin(m - 2 * f)
        - 0.00024 * e * sin(2 * mm - m) - 0.00017 * sin(om) - 0.00007 * sin(mm + 2 * m)
    )  # fmt: skip
    return jde + 0.000325 * sin(radians(299.77 + 0.107408 * k - 0.009173 * t**2))


def sun_longitude(jde: float) -> float:
    """Apparent longitude of the Sun in degrees."""
    t = (jde - 2451545.0) / 36525
    mean = 280.46646 + 36000.76983 * t + 0.0003032 * t**2
    m = radians(357.52911 + 35999.05029 * t - 0.0001537 * t**2)
    centre = (1.914602 - 0.004817 * t) * sin(m) + (0.019993 - 0.000101 * t) * sin(2 * m) + 0.000289 * sin(3 * m)
    return (mean + centre - 0.00569 - 0.00478 * sin(radians(125.04 - 1934.136 * t))) % 360


def _day(jde: float) -> date:
    delta_t = 70 / 86400  # terrestrial minus universal time in these years, seconds
    return date.fromordinal(floor(jde - delta_t + _UTC8 + 0.5) - 1721425)


def solar_term(year: int, longitude: float) -> date:
    """The day at UTC+8 in `year` on which the Sun reaches that longitude."""
    jde = date(year, 3, 20).toordinal() + 1721424.5 + ((longitude + 80) % 360 - 80) * 365.2422 / 360
    for _ in range(20):
        jde += ((longitude - sun_longitude(jde) + 180) % 360 - 180) * 365.2422 / 360
    return _day(jde)


def _months(year: int) -> list[date]:
    """First days of the months from the eleventh month of `year` - 1 to that of `year`, both included."""
    k = floor((year - 2000) * 12.3685) - 4
    moons = [_day(new_moon(k + step)) for step in range(22)]
    start, end = (max(m for m in moons if m <= solar_term(y, 270)) for y in (year - 1, year))
    return [m for m in moons if start <= m <= end]


def festivals(year: int) -> dict[str, date]:
    """春节, 清明, 端午 and 中秋 of the year."""
    months = _months(year)
    terms = [solar_term(y, 30 * i) for y in (year - 1, year) for i in range(12)]
    leap_year = len(months) == 14
    number, numbered, leap_done = 11, {11: months[0]}, False
    for first, after in zip(months[1:], [*months[2:], months[-1] + timedelta(days=29)], strict=True):
        if leap_year and not leap_done and not any(first <= t < after for t in terms):
            leap_done = True
            continue
        number = number % 12 + 1
        if number == 11:
            break
        numbered[number] = first
    return {
        "spring": numbered[1],
        "qingming": solar_term(year, 15),
        "dragon-boat": numbered[5] + timedelta(days=4),
        "mid-autumn": numbered[8] + timedelta(days=14),
    }


def test_the_lunar_table_agrees_with_the_sky() -> None:
    """春节, 清明, 端午 and 中秋 of 2010 to 2040 from computed new moons and solar longitudes, without any table."""
    for year in range(2010, 2041):
        assert dict(regulation().lunar[year]) == festivals(year), year
