/* minutes.c: fills a register of sweden.c with invented minutes, for `make bench`: minutes FILE N.
 *
 * One to four kB of Swedish each, as minutes are: a few hundred words that all of them share, the
 * programme area's own, and compounds that a few dozen have in common. A third of the meetings are
 * public, one minutes in ten is a draft. The index is made by `kansli migrate` afterwards. */
#include <kansli/buf.h>
#include <kansli/db.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const sentences[] = {
    "Ordföranden hälsar välkommen och mötet öppnas.",
    "Föregående mötes minnesanteckningar läggs till handlingarna.",
    "Ingen av ledamöterna anmäler jäv i frågorna på dagordningen.",
    "Gruppen går igenom läget i regionerna och konstaterar att tillgången till %s skiljer sig.",
    "Arbetet med riktlinjerna för %s fortsätter enligt tidplanen.",
    "Processledaren redovisar hur många som har svarat på remissen om %s.",
    "Vårdprogrammet om %s behöver stämmas av med primärvården innan det går ut.",
    "Patientföreträdarna lyfter att informationen om %s måste bli lättare att förstå.",
    "Kvalitetsregistret visar att täckningsgraden har ökat med %s procent sedan i våras.",
    "En arbetsgrupp för %s tillsätts under hösten med deltagare från alla sjukvårdsregioner.",
    "Beslut: Gruppen ställer sig bakom förslaget om %s.",
    "Beslut: Ärendet om %s bordläggs till nästa möte.",
    "Åtgärd: Sammanställa svaren om %s, senast 2026-12-01",
    "Diskussion fördes om hur kommunerna kan delta i uppföljningen av %s.",
    "Frågan om %s lyfts till programområdet, som har efterfrågat ett underlag.",
    "Resurserna räcker inte till för både %s och %s under samma år.",
    "Ärendet har diarienummer %s och handläggs av stödfunktionen.",
    "Nästa möte hålls digitalt; kallelse och handlingar skickas två veckor före.",
    "Kunskapsstödet om %s publiceras när granskningen är klar.",
    "Det finns ett gap mellan rekommendationerna och praxis vad gäller %s.",
    "Läkemedelskommittéerna har lämnat synpunkter på avsnittet om %s.",
    "Utbildningsmaterial för %s tas fram tillsammans med professionen.",
    "Ledamöterna från Norrbotten och Skåne berättar om sina erfarenheter av %s.",
    "Uppföljningen av %s visar stora skillnader mellan kvinnor och män.",
};
static const char *const areas[] = {
    "palliativ vård", "diabetes", "psykisk hälsa", "tandvård", "cancersjukdomar", "hjärtsvikt",
    "stroke", "demens", "fallskador", "barns hälsa", "ögonsjukdomar", "smärta", "sällsynta diagnoser",
    "rehabilitering", "akut vård", "kvinnosjukdomar", "lungsjukdomar", "hudsjukdomar", "nutrition",
    "levnadsvanor", "infektioner", "njursjukdomar", "reumatism", "epilepsi", "perioperativ vård",
    "medicinsk diagnostik",
};
static const char *const first[] = {
    "vård", "journal", "läkemedels", "patient", "kvalitets", "munhälso", "triage", "screening",
    "remiss", "kunskaps", "region", "kommun", "omsorgs", "smärt", "sömn", "nutritions", "fall",
    "blod", "ledar", "vaccinations", "dos", "sår", "hygien", "röntgen", "ambulans", "förlossnings",
    "neonatal", "transfusions", "dialys", "intensiv", "anestesi", "trauma", "missbruks", "tolk",
    "anhörig", "hemsjuk", "distans", "upphandlings", "data", "register",
};
static const char *const second[] = {
    "kedjan", "planeringen", "samordningen", "riskerna", "bedömningen", "rutinen", "skalan",
    "modellen", "mottagningen", "teamet", "piloten", "enkäten", "måttet", "indikatorn", "utvärderingen",
    "strategin", "avtalet", "beställningen", "checklistan", "vägledningen", "kampanjen", "analysen",
    "översynen", "processen", "ersättningen", "utrustningen", "kompetensen", "remissen", "studien",
    "prognosen", "tillsynen", "stödet", "larmet", "flödet", "underlaget", "bilagan", "kursen",
    "nätverket", "dialogen", "portalen",
};

struct filling {
    int n;
    long long groups; /* the largest key */
    unsigned long long seed;
};

/* xorshift: the same minutes on every machine. */
static unsigned pick(struct filling *filling, unsigned n)
{
    filling->seed ^= filling->seed << 13;
    filling->seed ^= filling->seed >> 7;
    filling->seed ^= filling->seed << 17;
    return (unsigned)(filling->seed >> 33) % n;
}

static void add_topic(struct filling *filling, struct buf *buf, const char *area)
{
    if (pick(filling, 3) == 0)
        buf_adds(buf, area);
    else if (pick(filling, 8) == 0)
        buf_addf(buf, "HSN 20%02u-%05u", 20 + pick(filling, 7), pick(filling, 100000));
    else
        buf_addf(buf, "%s%s", first[pick(filling, LEN(first))], second[pick(filling, LEN(second))]);
}

static void add_sentence(struct filling *filling, struct buf *buf, const char *area)
{
    const char *at = sentences[pick(filling, LEN(sentences))], *slot;
    while ((slot = strstr(at, "%s"))) {
        buf_add(buf, at, (size_t)(slot - at));
        add_topic(filling, buf, area);
        at = slot + 2;
    }
    buf_adds(buf, at);
    buf_adds(buf, pick(filling, 4) ? "\n" : "\n\n## En punkt till\n\n");
}

static void add_minutes(struct filling *filling, struct tx *tx, int i)
{
    struct buf text;
    const char *area = areas[(unsigned)i % LEN(areas)];
    size_t length = 1000 + pick(filling, 3000);
    long long group = db_int(tx, 0, "SELECT key FROM workgroup WHERE key >= ?1 ORDER BY key LIMIT 1",
                             (long long)i * 7919 % filling->groups);
    buf_init(&text, 1 << 14);
    buf_addf(&text, "# Minnesanteckningar %d\n\n", i);
    while (text.len < length)
        add_sentence(filling, &text, area);
    long long meeting = db_int(
        tx, 0,
        "INSERT INTO meeting (id, group_key, title, starts_at, ends_at, starts_on, mode, visibility, "
        "called_at, modified) VALUES (format('%08x-0009-4000-8000-%012x', ?1, ?1), ?2, 'Möte ' || ?1, "
        "date(?3) || 'T08:00:00.000Z', date(?3) || 'T11:00:00.000Z', date(?3), 'online', ?4, ?5, ?5) "
        "RETURNING key",
        i, group, arena_printf(tx_arena(tx), "20%02d-%02d-%02d", 20 + i % 7, 1 + i % 12, 1 + i % 28),
        i % 3 == 0 ? "public" : i % 10 == 1 ? "principals" : "members", tx_instant(tx));
    db_run(tx,
           "INSERT INTO meeting_group (meeting_key, group_key, position, starts_on) "
           "SELECT key, group_key, 0, starts_on FROM meeting WHERE key = ?1",
           meeting);
    db_run(tx,
           "INSERT INTO minutes (id, meeting_key, number, state, text, html, contents, renderer, "
           "adjusted_at, modified) VALUES (format('%08x-000a-4000-8000-%012x', ?1, ?1), ?2, 1, ?3, ?4, "
           "'<p>Påhittat</p>', '[]', 1, ?5, ?5)",
           i, meeting, i % 10 == 7 ? "draft" : "adjusted", (const char *)text.data, tx_instant(tx));
    buf_release(&text);
}

static enum code fill(struct tx *tx, void *arg)
{
    struct filling *filling = arg;
    filling->groups = db_int(tx, 0, "SELECT max(key) FROM workgroup");
    for (int i = 1; i <= filling->n && !tx_code(tx); i++)
        add_minutes(filling, tx, i);
    return db_run(tx, "DELETE FROM setting WHERE name = 'searchRules'");
}

int main(int argc, char **argv)
{
    struct filling filling = {.n = argc == 3 ? (int)strtol(argv[2], NULL, 10) : 0, .seed = 20261122};
    struct arena *arena = arena_new(SIZE_MAX);
    struct db *db;
    struct err err;
    if (filling.n < 1) {
        fputs("usage: minutes FILE N\n", stderr);
        return 2;
    }
    err_init(&err);
    enum code c = db_open(argv[1], &(struct db_options){.offline = true}, &db, &err);
    if (!c)
        c = db_write_wait(db, arena, &err, fill, &filling);
    if (c) {
        fprintf(stderr, "minutes: %s: %s\n", err.rule, err.msgid);
        return 1;
    }
    db_close(db);
    arena_free(arena);
    return 0;
}
