/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import dev.traversion.analysis.Diff;
import dev.traversion.analysis.ObjectChange;
import dev.traversion.analysis.Scope;
import dev.traversion.archive.Recordings;
import dev.traversion.archive.Times;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.Stores;
import dev.traversion.kubectl.server.OpenedRecording;
import dev.traversion.kubectl.terminal.Terminal;
import dev.traversion.kubectl.time.MomentText;
import dev.traversion.kubectl.time.TimeParser;
import dev.traversion.kubectl.time.TimeRange;
import dev.traversion.kubectl.time.TimeResolver;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kubectl traversion diff A..B [TARGET]}. */
@Command(
        name = DiffCommand.NAME,
        sortOptions = false,
        description = {
            "Show what changed between two moments, field by field, and who changed it.",
            "",
            "What changes all the time (resourceVersion, managedFields, heartbeats, leases, Events) is counted, not shown;"
                    + " the status of objects is, too, unless a TARGET is given.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  kubectl traversion diff 10m..now",
            "  kubectl traversion diff 14:03..14:10 -n shop",
            "  kubectl traversion diff deploy/checkout~1.. deploy/checkout -n shop",
            "  kubectl traversion diff 1h.. configmaps -o json",
            "",
            "Exit status: 0 no difference, 1 differences, more than 1 failed."
        })
final class DiffCommand extends Common implements Callable<Integer> {

    static final String NAME = "diff";

    /** Of a failure; 1 says that there are differences. */
    static final int FAILED = 2;

    private enum Format {
        TEXT,
        JSON,
        YAML
    }

    @Mixin
    private RecordingOption recording;

    @Option(
            names = {"-n", "--namespace"},
            defaultValue = "",
            description = "Only this namespace. Without it: all, and default for an object named in A or B.")
    private String namespace;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text, json or yaml.")
    private Format format;

    @Parameters(index = "0", paramLabel = "A..B", description = "Two moments; a missing B is now.")
    private String range;

    @Parameters(
            index = "1",
            paramLabel = "TARGET",
            arity = "0..1",
            defaultValue = "",
            description = "Only this, such as pods or deploy/checkout.")
    private String target;

    @Override
    public Integer call() throws IOException {
        configureLogging();
        Terminal terminal = terminal();
        TimeRange times = TimeParser.parseRange(range);
        String location = recording.location(state());
        try (OpenedRecording opened = OpenedRecording.open(location, clusterId(location))) {
            TimeResolver resolver = new TimeResolver(Clock.systemUTC(), recording.zone());
            String objects = namespace.isEmpty() ? "default" : namespace;
            Instant from = opened.resolve(times.from(), resolver, objects);
            Instant to = opened.resolve(times.to(), resolver, objects);
            if (from.isAfter(to)) {
                throw new TraversionException(MomentText.full(from) + " is after " + MomentText.full(to)
                        + ". Write the earlier moment first: A..B.");
            }
            Scope scope = opened.scope(target, namespace, to);
            Instant now = Instant.now();
            terminal.note(terminal.dim("# " + MomentText.brief(from, now) + " .. " + MomentText.brief(to, now)));
            DiffText text = new DiffText(terminal, !target.isEmpty());
            List<ObjectChange> found = new ArrayList<>();
            Diff.Summary summary = Diff.between(
                    opened.history(),
                    scope,
                    Times.nanos(from),
                    Times.nanos(to),
                    format == Format.TEXT ? text::show : found::add);
            switch (format) {
                case TEXT -> text.summary(summary);
                case JSON ->
                    terminal.out().println(DiffJson.of(from, to, found, summary).toPrettyString());
                case YAML -> terminal.out().println(DiffJson.yaml(DiffJson.of(from, to, found, summary)));
            }
            return summary.isEmpty() ? 0 : 1;
        }
    }

    private String clusterId(String location) throws IOException {
        try (Store store = Stores.open(location)) {
            if (recording.cluster().isEmpty()) {
                return Recordings.onlyCluster(store);
            }
            List<String> matching = Recordings.clusters(store).stream()
                    .filter(id -> id.startsWith(recording.cluster()))
                    .toList();
            if (matching.size() != 1) {
                throw new TraversionException(
                        (matching.isEmpty() ? "There is no cluster " : "There are several clusters ")
                                + recording.cluster() + " in this recording. It has: "
                                + String.join(", ", Recordings.clusters(store)));
            }
            return matching.getFirst();
        }
    }
}
