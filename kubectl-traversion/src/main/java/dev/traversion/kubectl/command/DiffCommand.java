/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.traversion.analysis.Scope;
import dev.traversion.analysis.diff.DiffDocument;
import dev.traversion.analysis.diff.MomentDiff;
import dev.traversion.analysis.diff.ObjectDiff;
import dev.traversion.kubectl.terminal.Terminal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code kubectl traversion diff A..B [TARGET]}. */
@Command(
        name = "diff",
        sortOptions = false,
        description = {
            "Show what changed between two moments, field by field, and who changed it.",
            "",
            "Lists are compared by the names of their elements. What changes all the time (leases, heartbeats, managedFields,"
                    + " Events) is only counted, unless it is asked for by its name. Like kubectl diff, it runs"
                    + " KUBECTL_EXTERNAL_DIFF, if that is set, on two folders of YAML files.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  kubectl traversion diff 10m..now",
            "  kubectl traversion diff 14:03..14:10 -n shop",
            "  kubectl traversion diff deploy/checkout~1..now deploy/checkout -n shop",
            "  kubectl traversion diff 1h.. configmaps -o json",
            "",
            "Exit status: 0 no differences, 1 differences, more than 1 failed."
        })
final class DiffCommand extends Common implements Callable<Integer> {

    static final int DIFFERENT = 1;
    static final int DIFF_FAILED = 3;

    @Mixin
    private RecordingOption recording;

    @Mixin
    private NamespaceOption namespace;

    @Mixin
    private OutputOption output;

    @Parameters(index = "0", paramLabel = "A..B", description = "Two moments; B is now if it is missing.")
    private String range;

    @Parameters(
            index = "1",
            arity = "0..1",
            defaultValue = "",
            paramLabel = "TARGET",
            description =
                    "A resource, such as deployments, or an object, such as deploy/checkout. Without it: everything.")
    private String target;

    @Override
    public Integer call() throws IOException, InterruptedException {
        configureLogging();
        Terminal terminal = terminal();
        try (AnalysedPast past = past(recording)) {
            Stretch stretch = Stretch.of(range, time -> past.resolve(time, recording.zone(), namespace.namespace()));
            Scope scope = past.scope(target, namespace.namespace(), stretch.to());
            String external = System.getenv().getOrDefault("KUBECTL_EXTERNAL_DIFF", "");
            if (!external.isEmpty() && output.isText()) {
                try (ExternalDiff program = new ExternalDiff(external)) {
                    compare(past, stretch, scope, terminal, true, program::add);
                    return program.run();
                }
            }
            MomentDiff diff;
            if (output.isText()) {
                DiffText text = new DiffText(terminal);
                diff = compare(past, stretch, scope, terminal, false, text::add);
                text.end(diff);
            } else {
                try (JsonGenerator out = output.open(terminal)) {
                    DiffDocument document = new DiffDocument(out, stretch.from(), stretch.to());
                    diff = compare(past, stretch, scope, terminal, false, document::add);
                    document.end(diff);
                }
                terminal.out().println();
            }
            return diff.isEmpty() ? 0 : DIFFERENT;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static MomentDiff compare(
            AnalysedPast past, Stretch stretch, Scope scope, Terminal terminal, boolean isWhole, DiffOutput view)
            throws IOException {
        Consumer<String> notes = note -> terminal.note(terminal.dim(note));
        return past.diff(stretch.from(), stretch.to(), scope, isWhole, notes, difference -> {
            try {
                view.add(difference);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Where differences go. */
    @FunctionalInterface
    private interface DiffOutput {
        void add(ObjectDiff difference) throws IOException;
    }
}
