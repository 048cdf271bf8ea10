"""The words that the finders look for. They are ours and short: they point, and a moderator reads. Pure."""

INSULTS = frozenset(
    """
    klootzak klootzakken klojo klootviool eikelkop lul lullen lulhannes lulletje hufter hufters hoer hoeren hoerenzoon
    hoerenjong kutwijf kutwijven kutkind kutkinderen kutlul kuttenkop mongool mongolen mongooltje debiel debielen idioot
    idioten imbeciel imbecielen randdebiel achterlijken zwakzinnige sukkel sukkels sukkelaar trut trutten slet sletten
    sloerie teef viswijf eikels loser losers randmongool flapdrol drol kwal kwallen smeerlap smeerlappen schoft schoften
    schorem tuig gespuis gajes tokkie tokkies uitschot ongedierte parasiet parasieten rotzak rotzakken rotwijf rotjoch
    rotkind rotkinderen oplichter oplichters schurk schurken landverrader landverraders nazi nazi's fascist fascisten
    nsb'er mof moffen neger negers nikker nikkers roetmop kaaskop zandneger kutmarokkaan kutmarokkanen kutturk kutturken
    kutbuitenlander kutbuitenlanders geitenneuker geitenneukers kameelneuker spleetoog spleetogen pinda pindachinees
    poepchinees rifaap rifapen bontkraag bontkragen flikker flikkers nicht mietje mietjes potten manwijf asshole
    assholes bastard bastards bitch bitches cunt cunts faggot faggots fuck fucking fucker motherfucker nigger niggers
    retard retards wanker wankers whore whores scum moron morons
    """.split()  # noqa: SIM905 - a list of words reads like one
)
NOT_ALWAYS = frozenset(
    """
    nicht potten pinda mof moffen slet teef drol eikels trut kwal kwallen tuig lullen parasieten parasiet ongedierte
    kaaskop schurk schurken oplichter oplichters flikker
    """.split()  # noqa: SIM905 - a list of words reads like one
)
"""A niece, pots and pans, a peanut, acorns, jellyfish, vermin in the attic: only as an insult beside words of scorn."""
SCORN = "stelletje|stel|vuile|vieze|gore|domme|stomme|achterlijke|rot|jij|jullie|wat een|smerige|vuil"
CURSES = "kanker|kenker|tering|tyfus|tiefus|pleuris|pokken|klere|kolere"
"""Diseases that are put before a word to curse with it."""
MEDICAL = (
    "kanker(?:patient|patiënt|onderzoek|behandel|verwek|centr|fonds|bestrijd|soort|vrij|risico|cel|zorg|screening|prev|"
    "diagnose|geval|gezwel|arts|medicijn|register)|pokken(?:virus|vaccin|epidemie)|klere(?:n|r)"
)
"""The same diseases as such, and clothes."""
WE = r"\b(?:ik|we|wij) "
THREATS = (
    WE + r"(?:maak|maken|schiet|schieten|steek|steken|sla|slaan|trap|trappen|hang|hangen) "
    r"(?:je|jou|jullie|hem|haar|hen|ze|u) (?:helemaal )?(?:dood|kapot|af|neer|in elkaar|op)\b",
    WE + r"(?:weet|weten) (?:wel |heus |precies )?waar (?:je|jij|jullie|u|hij|ze|zij|hun|je kinderen) (?:huis|woon)",
    WE + r"(?:vind|vinden|krijg|krijgen) (?:je|jou|jullie) (?:wel|nog)\b",
    r"\b(?:moet|moeten|mag|mogen) (?:ze |allemaal |gewoon |eens ){0,3}(?:dood|afgeschoten|opgehangen|doodgeschoten|"
    r"afgemaakt|vergast|de gaskamer in|uitgeroeid|kapot gemaakt)\b",
    r"\b(?:ga|gaan|pas|rot|donder|sodemieter|flikker) (?:dood|maar op jij|op naar (?:je|hun|jullie) (?:eigen )?land)\b",
    r"\bterug naar (?:je|hun|jullie) eigen land\b",
    r"\b(?:moslims|joden|buitenlanders|marokkanen|turken|polen|zigeuners|homo's|homos|vluchtelingen|asielzoekers|negers|"
    r"arabieren|christenen|vrouwen) (?:zijn (?:allemaal |gewoon |toch ){0,3}(?:crimineel|criminelen|dieven|tuig|"
    r"ongedierte|dom|vies|lui|uitschot|ratten|apen|beesten)|het land uit|oprotten|horen hier niet|"
    r"moeten (?:weg|oprotten|dood|eruit))\b",
    r"\b(?:eigen volk eerst|sieg heil|heil hitler|white power)\b",
)
SOMEBODY = (
    r"(?:(?:mijn|zijn|haar|hun|onze|die|de|een) (?:\w{2,12} )?(?:man|vrouw|zoon|dochter|moeder|vader|buurman|buurvrouw|"
    r"buur|buren|buurjongen|buurmeisje|kind|kinderen|broer|zus|opa|oma|oom|tante|vriend|vriendin|collega|partner|neef|"
    r"nicht|kleinzoon|kleindochter|bewoner)|ik|hij|zij|ze)"
)
HEALTH = (
    r"kanker|borstkanker|longkanker|hartpatiënt|hartaanval|hartinfarct|beroerte|herseninfarct|diabetes|suikerziekte|"
    r"epilepsie|epileptisch|dement|dementie|alzheimer|parkinson|reuma|copd|astma|als-patiënt|hiv|aids|depressief|"
    r"depressie|burn-?out|overspannen|psychose|psychotisch|schizofreen|schizofrenie|borderline|bipolair|autisme|"
    r"autistisch|adhd|ptss|verslaafd|alcoholist|alcoholverslaafd|drugsverslaafd|zwanger|miskraam|abortus|anorexia|"
    r"verstandelijk beperkt|geestelijk gehandicapt|ongeneeslijk ziek|terminaal|chemo|chemotherapie|antidepressiva|"
    r"psychiatrisch patiënt|zelfmoord|suïcidaal"
)
BELIEF = (
    r"moslim|moslima|jood|joods|christen|katholiek|protestants|gereformeerd|hindoe|boeddhist|atheïst|salafist|"
    r"jehova's getuige|homo|homoseksueel|lesbisch|biseksueel|transgender|non-binair|illegaal|uitgeprocedeerd|"
    r"een strafblad|veroordeeld|in de gevangenis|pvv'er|communist|vakbondslid"
)
IS = (
    r"(?:heeft|hebben|heb|kreeg|krijgt|is|zijn|ben|was|waren|lijdt aan|lijd aan|stierf aan|overleed aan|slikt|zit|werd|"
    r"wordt)"
)
