"""The releases of the Northern Harbour Alliance, an invented institution."""

from __future__ import annotations

from datetime import timedelta

from presswatch.demo.model import Text

NAME = "Northern Harbour Alliance"
LISTING = "/cps/en/harbour/news.htm"
ZONE = "Europe/Brussels"

PATROLS = "/cps/en/harbour/news_90214.htm"
RESCUE = "/cps/en/harbour/news_90209.htm"
CHARTS = "/cps/en/harbour/news_90201.htm"
FUEL = "/cps/en/harbour/news_90198.htm"
EXERCISE = "/cps/en/harbour/news_90187.htm"
TRAINING = "/cps/en/harbour/news_90172.htm"
ICE = "/cps/en/harbour/news_90165.htm"
CABLES = "/cps/en/harbour/news_90151.htm"
LIGHTS = "/cps/en/harbour/news_90221.htm"

TEXTS = (
    Text(
        path=PATROLS,
        title="Alliance ministers agree on shared harbour patrols",
        lede="Ministers of the Northern Harbour Alliance agreed on Friday to patrol the approaches to their largest "
        "harbours together, and to share the cost of the vessels that this takes.",
        caption="Patrol vessels at the outer breakwater on the morning of the meeting",
        paragraphs=(
            (
                "Under the agreement, twelve vessels will be on call at any hour from the first of next month. Each "
                "member keeps command of its own crews, while a shared desk assigns the routes and publishes them "
                "every Monday."
            ),
            (
                "“The sea does not stop at a border, and neither should the patrols,” the Alliance said in a statement "
                "after the talks. The members will pay 40 million crowns a year into a common fund for fuel, repairs "
                "and training."
            ),
            (
                "Ministers also asked the shared desk to report on the safety of smaller harbours before the end of "
                "the year. Fishing communities had pointed out that the largest harbours are not where most accidents "
                "happen."
            ),
            (
                "The agreement is open to observers. Two neighbouring port authorities have already asked to take part "
                "in the first joint patrol, which starts from the eastern mole."
            ),
        ),
        age=timedelta(days=1, hours=3),
    ),
    Text(
        path=RESCUE,
        title="Council reviews search and rescue readiness before the winter",
        lede="The Council met on Wednesday to review how quickly rescue crews can leave harbour in heavy weather, and "
        "found that most stations now meet the target of fifteen minutes.",
        caption="A lifeboat returns from an exercise in the outer roads",
        paragraphs=(
            (
                "Of the 31 stations that were inspected, 27 launched within the target in each of three trials. The "
                "remaining four are waiting for new slipways, which are to be finished in the spring."
            ),
            (
                "The review also looked at how stations talk to each other. A common radio plan, agreed two years ago, "
                "is now in use along the whole coast, and the number of calls that had to be repeated fell by a third."
            ),
            (
                "The Council thanked the volunteer crews, who make up more than half of all those on call, and asked "
                "members to continue paying for their courses."
            ),
        ),
        age=timedelta(days=3, hours=1),
        rotating=True,
    ),
    Text(
        path=CHARTS,
        title="New sea charts released for the northern approaches",
        lede="The Alliance has published new charts of the northern approaches, the first complete survey of these "
        "waters for nineteen years.",
        paragraphs=(
            (
                "The charts cover 2,300 square miles and show 64 obstructions that were not on the earlier edition. "
                "Mariners are advised to replace their copies before the end of the month."
            ),
            (
                "Survey ships from four members took part. They measured the depth along lines no more than fifty "
                "metres apart, and checked every wreck with a second pass."
            ),
            (
                "Paper copies are available from harbour offices. The digital edition can be loaded into all common "
                "navigation systems and is free of charge for small craft."
            ),
        ),
        age=timedelta(days=5, hours=6),
    ),
    Text(
        path=FUEL,
        title="Members pool fuel stocks for emergency shipping",
        lede="Five members of the Alliance will hold part of their fuel stocks in common, so that ferries and supply "
        "ships can keep sailing when a single harbour runs short.",
        caption="Storage tanks at the inner basin",
        paragraphs=(
            (
                "The common stock amounts to 18,000 tonnes and is kept at three harbours. A member that draws on it "
                "has ninety days in which to replace what was taken."
            ),
            (
                "The arrangement follows the storms of last winter, when two islands were cut off for eleven days. "
                "“Supplies were there, but not where they were needed,” the Alliance said."
            ),
            (
                "A public register shows how much is held at each harbour. It is brought up to date on the first "
                "working day of every month."
            ),
        ),
        age=timedelta(days=8, hours=2),
    ),
    Text(
        path=EXERCISE,
        title="Exercise Quiet Tide ends after nine days at sea",
        lede="Exercise Quiet Tide, in which crews from eight members practised clearing a blocked harbour entrance, "
        "ended on Thursday after nine days at sea.",
        caption="Tugs hold a training barge across the fairway",
        paragraphs=(
            (
                "Some 1,400 people and 26 vessels took part. The scenario was a cargo ship that had lost power in the "
                "fairway while ice was forming, and every crew had to work through it twice, by day and by night."
            ),
            (
                "Observers noted that the night runs took forty minutes longer than planned. A working group will "
                "propose better lighting on tugs and a common set of hand signals."
            ),
            (
                "The next exercise is planned for the spring and will take place further south, where tides are "
                "stronger and the fairway is narrower."
            ),
        ),
        age=timedelta(days=11, hours=5),
    ),
    Text(
        path=TRAINING,
        title="Harbour pilots complete first joint course",
        lede="The first joint course for harbour pilots ended this week with 44 graduates from six members of the "
        "Alliance.",
        paragraphs=(
            (
                "The course lasts fourteen weeks, half of them on a simulator that reproduces nine harbours in all "
                "weathers. Graduates may then be licensed in any of those harbours after ten supervised arrivals."
            ),
            (
                "Until now every harbour trained its own pilots. Sharing the course lowers its cost by about a fifth "
                "and makes it easier to help out where illness leaves a station short of staff."
            ),
            (
                "Applications for the second course open next month. Applicants need three years as a master or chief "
                "mate, and the working language of the harbour in which they wish to serve."
            ),
        ),
        age=timedelta(days=15, hours=4),
        rotating=True,
    ),
    Text(
        path=ICE,
        title="Ice service to publish forecasts twice a day",
        lede="The common ice service will publish its forecast for the northern basins twice a day from now on, at six "
        "in the morning and at six in the evening.",
        paragraphs=(
            (
                "Until now the forecast appeared once a day, at noon, when most ferries had already left. Shipping "
                "companies had asked for an earlier edition for several years."
            ),
            (
                "The forecasts draw on measurements from 112 buoys and on pictures from two satellites. They give the "
                "thickness of the ice, its drift, and the harbours that are expected to need an icebreaker."
            ),
            "All forecasts stay available in an archive, so that they can be compared with what really happened.",
        ),
        age=timedelta(days=20, hours=7),
    ),
    Text(
        path=CABLES,
        title="Alliance sets out rules for work near seabed cables",
        lede="Ships that anchor, dredge or trawl near seabed cables will have to follow common rules, which the "
        "Alliance set out on Monday.",
        caption="A cable drum on the quay before loading",
        paragraphs=(
            (
                "The rules set a distance of half a nautical mile from any charted cable. Work inside that distance "
                "needs a permit, which the harbour authority has to grant or refuse within five working days."
            ),
            (
                "Eleven cables were damaged in the past two years, nine of them by anchors. Most repairs took less "
                "than a week, but one island was without a connection for almost a month."
            ),
            (
                "The rules apply from the start of next year. Until then, masters are asked to follow them voluntarily "
                "and to report any difficulty to the shared desk."
            ),
        ),
        age=timedelta(days=26, hours=2),
    ),
    Text(
        path=LIGHTS,
        title="Alliance to restore nine lighthouses on the outer islands",
        lede="Nine lighthouses on the outer islands will be restored over the next three years, the Alliance announced "
        "today.",
        caption="The lighthouse on the western skerry, built of local stone",
        paragraphs=(
            (
                "Satellite navigation has not made the lights superfluous: small craft rely on them, and so does "
                "everybody else when receivers fail. The oldest of the nine has been dark since a storm four years "
                "ago."
            ),
            (
                "The work will cost 22 million crowns, two thirds of which come from the common fund. Islanders will "
                "be trained to look after the lamps and the stonework."
            ),
            "The first light is to be switched on again next autumn, before the evenings grow long.",
        ),
        age=None,
    ),
)
