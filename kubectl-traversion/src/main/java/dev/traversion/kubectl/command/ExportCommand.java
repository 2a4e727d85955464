/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import dev.traversion.archive.Times;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.export.RecordingExport;
import dev.traversion.archive.store.SingleFileStore;
import dev.traversion.kubectl.terminal.Terminal;
import dev.traversion.kubectl.time.MomentText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kubectl traversion export FILE [A..B]}. */
@Command(
        name = "export",
        sortOptions = false,
        description = {
            "Write a recording, or a stretch of it, to one file: for a colleague, or to keep with a postmortem.",
            "",
            "In a cluster it is made by the server of the past, for those who may list everything, Secrets included.",
            "",
            "Whoever has the file goes back with it as with any recording. Nothing outside the stretch is in it, and what was"
                    + " masked stays masked.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  kubectl traversion export incident.trv 14:00..14:30",
            "  kubectl traversion export everything.trv --from s3://recordings/prod",
            "  kubectl traversion open incident.trv"
        })
final class ExportCommand extends Common implements Callable<Integer> {

    private static final long REPORT_NANOS = 1_000_000_000L;

    @Mixin
    private RecordingOption recording;

    @Option(
            names = {"-n", "--namespace"},
            defaultValue = "",
            description = "Namespace of the object in A..B.")
    private String namespace;

    @Parameters(index = "0", paramLabel = "FILE", description = "The file to write, such as incident.trv.")
    private Path file;

    @Parameters(
            index = "1",
            arity = "0..1",
            defaultValue = "",
            paramLabel = "A..B",
            description = "The stretch, from one moment to another. Without it: everything.")
    private String range;

    private long reported = System.nanoTime();

    @Override
    public Integer call() throws IOException, InterruptedException {
        configureLogging();
        Path target = file.toAbsolutePath().normalize();
        if (Files.exists(target)) {
            throw new TraversionException(target + " is there already. Name another file, or remove it.");
        }
        if (!Files.isDirectory(target.getParent())) {
            throw new TraversionException("There is no directory " + target.getParent() + ". Make it first.");
        }
        Terminal terminal = terminal();
        try (AnalysedPast past = past(recording)) {
            Stretch stretch = range.isEmpty()
                    ? new Stretch(past.start(), past.end())
                    : Stretch.of(range, time -> past.resolve(time, recording.zone(), namespace));
            Instant from = stretch.requireLength().from();
            Instant to = stretch.to();
            long versions = write(past, from, to, target, terminal);
            terminal.out()
                    .println("Wrote " + MomentText.full(from) + " to " + MomentText.full(to) + " ("
                            + MomentText.duration(Duration.between(from, to)) + "): " + versions + " versions, "
                            + (Files.size(target) + 1023) / 1024 + " KiB, to " + file);
            terminal.out().println("Try: kubectl traversion open " + file);
            return 0;
        }
    }

    private long write(AnalysedPast past, Instant from, Instant to, Path target, Terminal terminal) throws IOException {
        Path work = Files.createTempDirectory(target.getParent(), "." + target.getFileName() + ".");
        Path unfinished = work.resolveSibling(work.getFileName() + ".unfinished");
        Thread clean = new Thread(() -> remove(work, unfinished));
        Runtime.getRuntime().addShutdownHook(clean);
        try {
            long versions =
                    switch (past) {
                        case AnalysedCluster server -> {
                            terminal.status("the server of the past writes it");
                            yield server.past().export(from, to, unfinished);
                        }
                        case AnalysedRecording here -> {
                            long written = new RecordingExport(
                                            here.opened().history(),
                                            Times.nanos(from),
                                            Times.nanos(to),
                                            count -> report(count, terminal))
                                    .write(work);
                            SingleFileStore.pack(work, unfinished);
                            yield written;
                        }
                    };
            Files.move(unfinished, target);
            return versions;
        } finally {
            terminal.status("");
            remove(work, unfinished);
        }
    }

    private void report(long written, Terminal terminal) {
        if (System.nanoTime() - reported > REPORT_NANOS) {
            reported = System.nanoTime();
            terminal.status(written + " versions written");
        }
    }

    private static void remove(Path work, Path unfinished) {
        try {
            Files.deleteIfExists(unfinished);
            if (Files.isDirectory(work)) {
                List<Path> all;
                try (Stream<Path> files = Files.walk(work)) {
                    all = files.sorted(Comparator.reverseOrder()).toList();
                }
                for (Path each : all) {
                    Files.deleteIfExists(each);
                }
            }
        } catch (IOException e) {
            System.getLogger(ExportCommand.class.getName()).log(System.Logger.Level.WARNING, "not removed: " + work, e);
        }
    }
}
