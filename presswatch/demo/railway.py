"""The releases of an invented railway company."""

from __future__ import annotations

from datetime import timedelta

from presswatch.demo.model import Text

NAME = "Lantern Coast Railway"
SITEMAP = "/sitemap.xml"
ZONE = "Europe/London"

TIMETABLE = "/newsroom/winter-timetable-from-december"
SOLAR = "/newsroom/depot-roof-carries-solar-panels"
BRIDGE = "/newsroom/estuary-bridge-reopens-after-strengthening"
TICKETS = "/newsroom/paper-tickets-stay-at-every-station"
PUNCTUALITY = "/newsroom/punctuality-figures-autumn"
ACCESS = "/newsroom/step-free-access-at-six-stations"
FREIGHT = "/newsroom/timber-returns-to-the-rails"
CANTEEN = "/newsroom/night-kitchen-for-crews"
SLEEPER = "/newsroom/night-train-to-the-mountains-returns"

SOLAR_MOVED = "/newsroom/solar-panels-on-the-depot-roof"
FREIGHT_MOVED = "/newsroom/timber-is-carried-by-rail-again"

TEXTS = (
    Text(
        path=TIMETABLE,
        title="Winter timetable brings a train every half hour",
        lede="From the second Sunday in December, trains between the harbour and the old town will run every half hour "
        "throughout the day.",
        paragraphs=(
            (
                "Until now there was an hourly service outside the peak. The extra trains are possible because the "
                "passing loop near the quarry has been lengthened and can now take four coaches."
            ),
            (
                "The last train leaves the harbour at ten minutes to midnight, half an hour later than before. "
                "Connections with the island ferry are kept even when the ferry is up to twelve minutes late."
            ),
            (
                "Printed timetables are available at all staffed stations. Season tickets remain valid and their price "
                "does not change before the spring."
            ),
        ),
        age=timedelta(days=2, hours=4),
    ),
    Text(
        path=SOLAR,
        title="Depot roof carries 4,000 solar panels",
        lede="The roof of the main depot now carries 4,000 solar panels, which will supply about a third of the "
        "electricity that the workshops use.",
        paragraphs=(
            (
                "The panels were fitted over eleven weekends so that maintenance could go on during the week. Together "
                "they have an output of 1.6 megawatts at noon on a clear day."
            ),
            (
                "What the workshops do not need goes to the overhead line. On Sundays in summer this is enough to run "
                "the branch line without drawing on the public grid."
            ),
            (
                "The company will publish the monthly yield on its site. Two smaller depots are to follow within three "
                "years."
            ),
        ),
        age=timedelta(days=4, hours=7),
    ),
    Text(
        path=BRIDGE,
        title="Estuary bridge reopens after strengthening",
        lede="The railway bridge across the estuary reopened to all trains on Saturday morning, six days ahead of "
        "schedule.",
        paragraphs=(
            (
                "Engineers replaced 380 metres of track and strengthened five of the nine piers. Trains may now cross "
                "at 50 miles an hour, twice as fast as before the work."
            ),
            (
                "During the closure buses covered the distance in 35 minutes. The company thanks passengers for their "
                "patience and will refund season tickets for the days concerned without an application."
            ),
            "Inspectors will look at the piers every three months in the first year, and once a year after that.",
        ),
        age=timedelta(days=6, hours=2),
    ),
    Text(
        path=TICKETS,
        title="Paper tickets stay at every station",
        lede="Passengers will be able to buy paper tickets at every station for at least ten more years, the company "
        "said after a consultation with user groups.",
        paragraphs=(
            (
                "Almost one journey in five is still made with a ticket bought at a machine or a counter. Among "
                "passengers over seventy it is more than half."
            ),
            (
                "Forty machines that no longer accept coins will be replaced by a model that does. The first ones will "
                "be installed at stations without a counter."
            ),
            (
                "The company received 2,140 answers to its consultation, of which 1,870 were in favour of keeping "
                "paper tickets. All answers have been published without names."
            ),
        ),
        age=timedelta(days=9, hours=5),
        rotating=True,
    ),
    Text(
        path=PUNCTUALITY,
        title="Autumn punctuality: 91 trains in a hundred on time",
        lede="Of a hundred trains that ran this autumn, 91 reached their destination less than five minutes late, two "
        "more than in the autumn before.",
        paragraphs=(
            (
                "Fallen leaves remain the most common cause of delay, followed by faults at level crossings. A machine "
                "that cleans the rails now runs twice every night on the two wooded sections."
            ),
            (
                "Cancellations fell to one train in 140. The company pays compensation automatically to holders of "
                "season tickets whenever the monthly figure is below its target of 90."
            ),
            "The complete figures for each line can be downloaded as a table.",
        ),
        age=timedelta(days=12, hours=3),
    ),
    Text(
        path=ACCESS,
        title="Six more stations become free of steps",
        lede="Work begins in January to make six more stations accessible without steps. Lifts will be built at two of "
        "them and ramps at the other four.",
        paragraphs=(
            (
                "When the work is finished, 58 of 64 stations can be used by everybody without help. For the remaining "
                "six the company is looking for solutions with the towns concerned."
            ),
            (
                "During the work, trains stop at temporary platforms a short walk away. A free taxi can be ordered at "
                "any time by those who cannot walk that far."
            ),
            "The cost of 14 million is shared between the company and the regional council.",
        ),
        age=timedelta(days=16, hours=6),
    ),
    Text(
        path=FREIGHT,
        title="Timber returns to the rails",
        lede="For the first time in twenty-two years, timber from the northern forests is being carried to the port by "
        "train and not by road.",
        paragraphs=(
            (
                "Two trains a week replace about 90 lorries on the coast road. Each train has eighteen wagons, which "
                "were rebuilt in the company’s own workshops from coaches that were no longer needed."
            ),
            (
                "The forest owners have signed a contract for eight years. It allows for a third weekly train as soon "
                "as the loading siding has been extended."
            ),
            "The trains run at night so that they do not delay passengers.",
        ),
        age=timedelta(days=21, hours=4),
    ),
    Text(
        path=CANTEEN,
        title="A night kitchen for crews and cleaners",
        lede="Crews and cleaners who work at night can now have a warm meal at the main station at any hour.",
        paragraphs=(
            (
                "The kitchen opens at ten in the evening and closes at six in the morning. It is run by a cooperative "
                "of former dining-car staff and serves about 120 meals a night."
            ),
            (
                "The works council had asked for it for several years. A survey showed that two out of three of those "
                "on night duty brought cold food or went without."
            ),
            "Drivers of the night buses and staff of the station shops are welcome too.",
        ),
        age=timedelta(days=27, hours=1),
        rotating=True,
    ),
    Text(
        path=SLEEPER,
        title="Night train to the mountains returns in March",
        lede="After an interval of nine years a night train will again connect the coast with the mountains, three "
        "times a week from the first of March.",
        paragraphs=(
            (
                "The train leaves the harbour at a quarter past nine in the evening and arrives at half past seven. It "
                "has seats, couchettes and sleeping compartments, and a coach that takes 24 bicycles."
            ),
            "Tickets go on sale today. The lowest price for a seat is 29, for a bed in a compartment of four it is 59.",
            "If the train is used well, it will run every night from the following summer.",
        ),
        age=None,
    ),
)
