/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import dev.traversion.archive.Layout;
import dev.traversion.archive.RecordingOptions;
import dev.traversion.archive.Recordings;
import dev.traversion.archive.Times;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.retention.Limits;
import dev.traversion.archive.retention.Retention;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.Stores;
import dev.traversion.kubectl.server.Locations;
import dev.traversion.kubectl.state.Memory;
import dev.traversion.kubectl.terminal.Terminal;
import dev.traversion.kubectl.time.MomentText;
import dev.traversion.kubectl.time.TimeParser;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kubectl traversion retain [LOCATION]}. */
@Command(
        name = "retain",
        sortOptions = false,
        description = {
            "Forget the oldest parts of a recording, until it is within the limits.",
            "",
            "Whole parts go, oldest first, never the newest one and never one that a pinned moment needs. What was forgotten is a"
                    + " gap with its reason. Can run while the recording is being made, and can be broken off at any time: the next"
                    + " run finishes.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  kubectl traversion retain ./prod --keep 14d --dry-run",
            "  kubectl traversion retain s3://recordings/prod --keep 30d --keep-size 50Gi"
        })
final class RetainCommand extends Common implements Callable<Integer> {

    private static final Pattern SIZE = Pattern.compile("(\\d{1,9})(Ki|Mi|Gi|Ti)");
    private static final Map<String, Integer> SHIFTS = Map.of("Ki", 10, "Mi", 20, "Gi", 30, "Ti", 40);
    private static final Pattern SHARE = Pattern.compile("([1-9]\\d?)%");

    @Parameters(
            arity = "0..1",
            paramLabel = "DIR|s3://BUCKET/PREFIX",
            defaultValue = "",
            description = "The recording. Without it: TRAVERSION_RECORDING, else the one recorded or opened last.")
    private String location;

    @Option(
            names = "--keep",
            paramLabel = "DURATION",
            defaultValue = "",
            description = "Keep so much time, such as 14d.")
    private String age;

    @Option(
            names = "--keep-size",
            paramLabel = "SIZE",
            defaultValue = "",
            description = "Keep parts of so many bytes per cluster, such as 50Gi (Ki, Mi, Gi, Ti).")
    private String size;

    @Option(
            names = "--keep-share",
            paramLabel = "PERCENT",
            defaultValue = "",
            description = "Keep the disk of the directory below this, such as 80%%, whatever else is on it.")
    private String share;

    @Option(names = "--dry-run", description = "Only tell what would be forgotten.")
    private boolean dryRun;

    @Override
    public Integer call() throws IOException {
        configureLogging();
        Terminal terminal = terminal();
        Limits limits = limits();
        String place = Locations.choose(location, System.getenv(), new Memory(state()));
        try (Store store = Stores.open(place)) {
            for (String cluster : Recordings.clusters(store)) {
                RecordingOptions options = RecordingOptions.defaults();
                Retention retention = new Retention(
                        store,
                        new Layout(cluster),
                        new LocalCopies(store, options.cache(), options.cacheBytes()),
                        state().directory("retention", cluster),
                        Clock.systemUTC());
                terminal.status("forgetting");
                Retention.Plan plan = dryRun ? retention.plan(limits) : retention.run(limits);
                terminal.status("");
                tell(terminal, cluster, plan);
            }
        }
        return 0;
    }

    private Limits limits() {
        if (age.isEmpty() && size.isEmpty() && share.isEmpty()) {
            throw new TraversionException("Nothing says how much to keep. Give --keep, --keep-size or --keep-share.");
        }
        Duration duration = age.isEmpty() ? null : TimeParser.parseDuration(age);
        return new Limits(duration, bytes(), percent());
    }

    private long bytes() {
        if (size.isEmpty()) {
            return Limits.NONE.bytes();
        }
        Matcher matcher = SIZE.matcher(size);
        if (!matcher.matches()) {
            throw new TraversionException("\"" + size + "\" is not a size. Write it such as 500Mi or 50Gi.");
        }
        return Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << SHIFTS.get(matcher.group(2)));
    }

    private int percent() {
        if (share.isEmpty()) {
            return Limits.NONE.diskShare();
        }
        Matcher matcher = SHARE.matcher(share);
        if (!matcher.matches()) {
            throw new TraversionException("\"" + share + "\" is not a share. Write it such as 80%, from 1% to 99%.");
        }
        return Integer.parseInt(matcher.group(1));
    }

    private void tell(Terminal terminal, String cluster, Retention.Plan plan) {
        terminal.out().println("Cluster " + terminal.bold(cluster));
        if (!plan.pinned().isEmpty()) {
            terminal.out().println("  " + plan.pinned().size() + " parts beyond the limits are kept because of a pin.");
        }
        if (plan.parts().isEmpty()) {
            terminal.out().println("  Nothing to forget: " + plan.keptParts() + " parts are kept.");
            return;
        }
        terminal.out()
                .println("  " + (dryRun ? "Would forget " : "Forgot ")
                        + plan.parts().size() + " parts, "
                        + (plan.bytes() + 1023) / 1024 + " KiB ("
                        + String.join("; ", plan.reasons().stream().distinct().toList()) + "). " + plan.keptParts()
                        + " parts are kept, from " + MomentText.full(Times.instant(plan.start())) + " on.");
    }
}
