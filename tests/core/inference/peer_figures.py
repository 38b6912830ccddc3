"""What other libraries printed, with the commands that printed them.

crowd-kit 1.4.2 (NumPy 2.4.6, scikit-learn 1.9.1), three iterations on the table `NOISY`:

    python - <<'END'
    import pandas as pd
    from crowdkit.aggregation import DawidSkene, OneCoinDawidSkene
    rows = ["0121021001201102", "0210201022010121", "1211011120012022", "0120120210111002", "2021001012220210"]
    cells = [(f"i{i:02d}", f"w{w}", c) for w, row in enumerate(rows) for i, c in enumerate(row)]
    table = pd.DataFrame(cells, columns=["task", "worker", "label"])
    full = DawidSkene(n_iter=3, tol=0).fit(table)
    coin = OneCoinDawidSkene(n_iter=3, tol=0).fit(table)
    print(full.probas_.round(6).to_csv(), full.errors_.round(6).to_csv(), coin.probas_.round(6).to_csv(), coin.skills_.round(6).to_csv())
    END

sacrebleu 2.6.0, `from sacrebleu.metrics import CHRF; CHRF().sentence_score(hypothesis, [reference]).score`.
"""

NOISY = ("0121021001201102", "0210201022010121", "1211011120012022", "0120120210111002", "2021001012220210")

DAWID_SKENE = (
    (0.331217, 0.632517, 0.036266),
    (0.80177, 0.079246, 0.118984),
    (0.008564, 0.008896, 0.982541),
    (0.113329, 0.884074, 0.002597),
    (0.884351, 0.042765, 0.072884),
    (0.022529, 0.001011, 0.97646),
    (0.023613, 0.974333, 0.002054),
    (0.181743, 0.014582, 0.803675),
    (0.731975, 0.248635, 0.01939),
    (0.347174, 0.648746, 0.004079),
    (0.367478, 0.047844, 0.584678),
    (0.183607, 0.478822, 0.337571),
    (0.654565, 0.071163, 0.274272),
    (0.083349, 0.906157, 0.010494),
    (0.430731, 0.566691, 0.002579),
    (0.009024, 0.000906, 0.990069),
)

ONE_COIN = (
    (0.520113, 0.295871, 0.184016),
    (0.269327, 0.433023, 0.297651),
    (0.251026, 0.416927, 0.332047),
    (0.326572, 0.502528, 0.1709),
    (0.506097, 0.261959, 0.231944),
    (0.361574, 0.322985, 0.315441),
    (0.229647, 0.612177, 0.158177),
    (0.523883, 0.294775, 0.181342),
    (0.402893, 0.296078, 0.30103),
    (0.329838, 0.409759, 0.260403),
    (0.410142, 0.274831, 0.315027),
    (0.383871, 0.426356, 0.189773),
    (0.349709, 0.42719, 0.2231),
    (0.309125, 0.505452, 0.185423),
    (0.42448, 0.276773, 0.298747),
    (0.272422, 0.342049, 0.385529),
)

CHRF = (
    ("the cat", "the cat sat", 55.77101053281037),
    ("Die Katze saß auf der Matte.", "Eine Katze sitzt auf der Matte.", 61.01266549746298),
    ("abc", "xyz", 0.0),
    ("மொழி", "மொழிகள்", 48.56912535268037),
    ("a", "ab", 55.55555555555556),
)
