/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import dev.traversion.archive.Layout;
import dev.traversion.archive.RecordingOptions;
import dev.traversion.archive.Recordings;
import dev.traversion.archive.Times;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.WriterOptions;
import dev.traversion.archive.denial.Lifetime;
import dev.traversion.archive.erasure.Erasure;
import dev.traversion.archive.reads.ReadAudit;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.Stores;
import dev.traversion.kubectl.server.Locations;
import dev.traversion.kubectl.state.Memory;
import dev.traversion.kubectl.terminal.Terminal;
import dev.traversion.kubectl.time.MomentText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kubectl traversion erase [LOCATION] --namespace NAME | --subject VALUE}. */
@Command(
        name = "erase",
        sortOptions = false,
        description = {
            "Erase a namespace from a recording, for good: one lifetime of it, from its creation to its deletion; or a value, such as"
                    + " an e-mail address, a user name or a token, wherever it stands.",
            "",
            "Of a namespace, every version of every object in it goes, also from what is being recorded, and what arrives late is dropped. That"
                    + " something was erased stays visible, and a proof without content is sealed. Where other objects name the"
                    + " namespace or its objects (a PersistentVolume's claimRef, Events elsewhere), that stays. Can run while the"
                    + " recording is being made, and can be broken off at any time: the next run finishes.",
            "",
            "A value is replaced in every version of every object, also where it is escaped or in base64, and recorders replace it"
                    + " from now on. Objects that have it in their name go as a whole. It is looked for as it is written: in the"
                    + " same case, also within words. Who read what (audit) stays.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  kubectl traversion erase ./prod --namespace shop-test --dry-run",
            "  kubectl traversion erase ./prod --subject jane@example.com --dry-run",
            "  pass show leaked-token | kubectl traversion erase ./prod --subject - --reason 'ticket 4712' -y",
            "  kubectl traversion erase s3://recordings/prod --namespace shop --uid 6f1c... --reason 'ticket 4711' -y"
        })
final class EraseCommand extends Common implements Callable<Integer> {

    @Parameters(
            arity = "0..1",
            paramLabel = "DIR|s3://BUCKET/PREFIX",
            defaultValue = "",
            description = "The recording. Without it: TRAVERSION_RECORDING, else the one recorded or opened last.")
    private String location;

    @Option(
            names = {"-n", "--namespace"},
            defaultValue = "",
            paramLabel = "NAME",
            description = "The namespace.")
    private String namespace;

    @Option(
            names = "--subject",
            paramLabel = "VALUE",
            defaultValue = "",
            description = "The value; - reads it from standard input, so that it is in no history of commands.")
    private String subject;

    @Option(
            names = "--uid",
            paramLabel = "UID",
            defaultValue = "",
            description = "The uid of the Namespace object, where there were several of that name.")
    private String uid;

    @Option(
            names = "--cluster",
            paramLabel = "ID",
            defaultValue = "",
            description = "The cluster, by its id, where a recording holds several.")
    private String cluster;

    @Option(names = "--reason", defaultValue = "", description = "Why, for the proof, which stays: name nobody in it.")
    private String reason;

    @Option(names = "--dry-run", description = "Only tell what would be erased.")
    private boolean dryRun;

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask.")
    private boolean yes;

    @Override
    public Integer call() throws IOException {
        configureLogging();
        if (namespace.isEmpty() == subject.isEmpty()) {
            throw new TraversionException("Say what to erase: either --namespace NAME or --subject VALUE.");
        }
        Terminal terminal = terminal();
        String value = subject.equals("-") ? standardInput() : subject;
        String place = Locations.choose(location, System.getenv(), new Memory(state()));
        try (Store store = Stores.open(place)) {
            String id = cluster.isEmpty() ? Recordings.onlyCluster(store) : cluster;
            RecordingOptions options = RecordingOptions.defaults();
            Erasure erasure = new Erasure(
                    store,
                    new Layout(id),
                    new LocalCopies(store, options.cache(), options.cacheBytes()),
                    state().directory("erasure", id),
                    WriterOptions.of("erasure", state().directory("writers", id)),
                    Clock.systemUTC());
            if (!dryRun && erasure.isUnfinished()) {
                terminal.note("An erasure was broken off before it was done: finishing it first.");
                tell(terminal, erasure.complete(reason, terminal::status));
            }
            if (!value.isEmpty()) {
                eraseValue(terminal, erasure, value, reads(store, id, value));
                return 0;
            }
            Lifetime lifetime = lifetime(erasure);
            if (lifetime == null) {
                terminal.out()
                        .println("Nothing of " + namespace + " is recorded"
                                + (uid.isEmpty() ? "." : " with uid " + uid + "."));
                return 0;
            }
            terminal.out().println("Namespace " + terminal.bold(namespace) + ", " + text(lifetime));
            terminal.status("looking");
            Erasure.Outcome planned = erasure.plan(lifetime);
            terminal.status("");
            terminal.out()
                    .println("  " + planned.versions() + " versions of " + planned.objects() + " objects, in "
                            + parts(planned));
            if (dryRun) {
                return 0;
            }
            confirm();
            tell(terminal, erasure.run(lifetime, reason, terminal::status));
        }
        return 0;
    }

    private void eraseValue(Terminal terminal, Erasure erasure, String value, long reads) throws IOException {
        terminal.status("looking");
        Erasure.Outcome planned = erasure.plan(value);
        terminal.status("");
        terminal.out()
                .println("The value is in " + planned.versions() + " versions of " + planned.objects() + " objects, in "
                        + parts(planned)
                        + (planned.whole() == 0
                                ? ""
                                : "; " + planned.whole() + " of the objects have it in their name and go as a whole")
                        + (planned.inLog() ? ", and in what is not sealed yet." : "."));
        if (reads > 0) {
            terminal.note("The record of who read what names it " + reads + " times. That stays: it is proof.");
        }
        if (!dryRun) {
            confirm();
            tell(terminal, erasure.run(value, reason, terminal::status));
        }
    }

    /** How many reads name it: as who read, or what. */
    private static long reads(Store store, String cluster, String value) throws IOException {
        long[] count = {0};
        new ReadAudit(store, cluster, _ -> {})
                .run(record -> count[0] += record.toString().contains(value) ? 1 : 0);
        return count[0];
    }

    private static String standardInput() throws IOException {
        return new String(System.in.readAllBytes(), StandardCharsets.UTF_8).strip();
    }

    /** Null if there is none. */
    private Lifetime lifetime(Erasure erasure) throws IOException {
        List<Lifetime> all = erasure.lifetimes(namespace);
        List<Lifetime> meant = all.stream()
                .filter(lifetime -> uid.isEmpty() || lifetime.uid().equals(uid))
                .toList();
        if (meant.size() > 1) {
            StringBuilder several = new StringBuilder();
            meant.forEach(lifetime -> several.append("\n  ").append(text(lifetime)));
            throw new TraversionException("There were " + meant.size() + " namespaces of the name " + namespace
                    + ". Choose one with --uid:" + several);
        }
        return meant.isEmpty() ? null : meant.getFirst();
    }

    private static String text(Lifetime lifetime) {
        return "uid " + lifetime.uid() + ", from " + MomentText.full(Times.instant(lifetime.seenFrom()))
                + (lifetime.seenTo() == Long.MAX_VALUE
                        ? " until now"
                        : " to " + MomentText.full(Times.instant(lifetime.seenTo())));
    }

    private void confirm() {
        if (yes) {
            return;
        }
        boolean agreed = Terminal.confirm("Erase it? This cannot be undone.")
                .orElseThrow(() ->
                        new TraversionException("Erasing cannot be undone. Give --yes to do it without being asked."));
        if (!agreed) {
            throw new TraversionException("Nothing was erased.");
        }
    }

    private static String parts(Erasure.Outcome outcome) {
        return outcome.parts() + (outcome.parts() == 1 ? " part" : " parts");
    }

    private void tell(Terminal terminal, Erasure.Outcome outcome) {
        terminal.status("");
        terminal.out()
                .println((subject.isEmpty() ? "Erased " : "Erased in ") + outcome.versions() + " versions of "
                        + outcome.objects() + " objects" + (subject.isEmpty() ? " from " : ", in ") + parts(outcome)
                        + (outcome.rows() == 0 ? "" : ", and " + outcome.rows() + " rows of what happened on nodes")
                        + ". The proof is in erasures/proofs, and shown by audit.");
        if (outcome.inLanding()) {
            terminal.note(
                    "Some of it is in what agents write just now, and is left out when that is taken over, within minutes.");
        }
        if (outcome.inLog()) {
            terminal.note(
                    "Some of it is in the log of a running recorder still, which leaves it out when it seals the log,"
                            + " within an hour.");
        }
    }
}
