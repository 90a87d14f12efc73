"""Twenty working days from a Friday in 2016, with a hearing in between: until when may the office take?"""

from datetime import datetime

from egov_core.domain.calendar.hours import OfficeClock
from egov_core.domain.legal import CHINA
from egov_core.domain.periods import parse_limit
from egov_core.domain.timers.reckoning import Pause, Ruler
from egov_core.runtime.shipped import national_calendar, office_hours

calendar = national_calendar()
ruler = Ruler(calendar=calendar, clock=OfficeClock(calendar, office_hours("standard")))

accepted = datetime(2016, 4, 22, 9, 0, tzinfo=CHINA)
hearing = Pause(start=datetime(2016, 5, 9, tzinfo=CHINA), end=datetime(2016, 5, 13, tzinfo=CHINA), kind="听证")

without = ruler.due(accepted, parse_limit("20wd"))
with_hearing = ruler.due(accepted, parse_limit("20wd"), pauses=[hearing])

print(f"without the hearing: {without.due}")
print(f"with the hearing:    {with_hearing.due}")
