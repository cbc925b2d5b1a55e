"""The codes that are known of open lists: they have names in both languages.

A list is open: a code that is not here is kept and counted as itself. The peoples are the
54 of the official list (121-TCTK/PPCĐ, 2 March 1979); occupations, education and sectors
follow the forms of DOMAIN §3.2 and §4.4-4.5.
"""

LISTED: dict[str, tuple[str, ...]] = {
    "ethnicity": tuple(
        "kinh tay thai muong khmer hoa nung hmong dao gia_rai ede ba_na san_chay cham co_ho "
        "xo_dang san_diu hre raglai mnong tho xtieng kho_mu bru_van_kieu co_tu giay ta_oi ma "
        "gie_trieng co cho_ro xinh_mun ha_nhi chu_ru lao la_chi khang phu_la la_hu la_ha "
        "pa_then lu ngai chut lo_lo mang bo_y co_lao cong si_la pu_peo ro_mam brau o_du "
        "foreign".split()
    ),
    "religion": (
        "none",
        "buddhist",
        "catholic",
        "protestant",
        "cao_dai",
        "hoa_hao",
        "muslim",
        "other",
    ),
    "occupation": (
        "civil_servant",
        "party_official",
        "commune_official",
        "village_official",
        "public_employee",
        "teacher",
        "health_worker",
        "enterprise_manager",
        "office_worker",
        "worker",
        "farmer",
        "trader",
        "business_owner",
        "artisan",
        "armed_forces",
        "soldier",
        "police",
        "student",
        "pupil",
        "retired",
        "engineer",
        "lawyer",
        "other",
    ),
    "education": ("illiterate", "primary", "lower_secondary", "upper_secondary"),
    "professional_education": (
        "none",
        "elementary",
        "intermediate",
        "college",
        "university",
        "master",
        "doctor",
    ),
    "political_theory": ("none", "elementary", "intermediate", "advanced", "bachelor"),
    "unions": (
        "youth_union",
        "trade_union",
        "women_union",
        "farmers_union",
        "veterans_association",
    ),
    "sector": (
        "commune",
        "ward",
        "township",
        "party_agency",
        "state_agency",
        "service_unit",
        "private_service_unit",
        "military",
        "police",
        "state_enterprise",
        "state_majority_enterprise",
        "state_minority_enterprise",
        "non_state_enterprise",
        "joint_stock",
        "private_enterprise",
        "limited_liability",
        "partnership",
        "foreign_invested",
        "wholly_foreign_owned",
        "cooperative",
        "abroad",
        "other",
    ),
}
"""The listed codes of each field whose list is open, in the order of the forms."""
