/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.logs;

import dev.traversion.archive.landing.LandedRows;
import dev.traversion.archive.landing.LandingReader;
import dev.traversion.archive.landing.LandingTable;
import dev.traversion.daemonset.spool.Spool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What of an agent is about logs: a spool, and what is read into it. It can end, and it can be killed. */
final class LogAgent implements AutoCloseable {

    private static final String NODE = "n1";

    /** A line that was recorded. */
    record Line(String pod, String container, long restart, String stream, String text, long cut, long logged) {}

    private final Path landing;
    private final LogCapture logs;
    private final Spool spool;

    LogAgent(Path work, int epoch, LogOptions options) throws IOException {
        landing = work.resolve("landing");
        logs = new LogCapture(
                options, landing.resolve(NODE), System::nanoTime, () -> System.currentTimeMillis() * 1_000_000);
        spool = new Spool(landing, NODE, epoch, 1 << 30, Long.MAX_VALUE);
    }

    static LogOptions options(Path work, LogRulesSource rules) {
        return new LogOptions(work.resolve("pods"), work.resolve("positions.json"), rules, 1 << 20, 32 << 20);
    }

    LogCapture logs() {
        return logs;
    }

    /** Reads all there is. */
    void read() {
        find();
        readOn(Integer.MAX_VALUE);
    }

    void find() {
        logs.find(spool);
    }

    void readOn(int most) {
        logs.read(spool, most);
    }

    /** Its rows reach the disk, but not how far it has read. */
    void writeRows() {
        spool.write();
    }

    void flush() {
        spool.write();
        logs.keep();
        spool.endFileIfDue(0);
    }

    /** It goes without another write: what its spool holds in memory is gone. */
    void kill() {
        logs.close();
    }

    @Override
    public void close() {
        flush();
        logs.close();
        spool.close();
    }

    static List<Line> lines(Path work) throws IOException {
        List<Line> lines = new ArrayList<>();
        LandingTable table = LandingTable.LOGS;
        for (LandedRows rows : blocks(work, table)) {
            for (int row = 0; row < rows.rows(); row++) {
                if (!rows.text(row, table.column("stream")).equals("begin")) {
                    lines.add(new Line(
                            rows.text(row, table.column("pod_uid")),
                            rows.text(row, table.column("container")),
                            rows.number(row, table.column("restart")),
                            rows.text(row, table.column("stream")),
                            rows.text(row, table.column("line")),
                            rows.number(row, table.column("cut")),
                            rows.number(row, table.column("logged"))));
                }
            }
        }
        return lines;
    }

    static List<String> texts(Path work) throws IOException {
        return lines(work).stream().map(Line::text).toList();
    }

    /** The reasons of gaps. */
    static List<String> gaps(Path work) throws IOException {
        List<String> reasons = new ArrayList<>();
        for (LandedRows rows : blocks(work, LandingTable.GAPS)) {
            for (int row = 0; row < rows.rows(); row++) {
                reasons.add(rows.text(row, LandingTable.GAPS.column("reason")));
            }
        }
        return reasons;
    }

    private static List<LandedRows> blocks(Path work, LandingTable table) throws IOException {
        List<LandedRows> found = new ArrayList<>();
        List<Path> files;
        Path folder = work.resolve("landing").resolve(NODE);
        if (!Files.exists(folder)) {
            return found;
        }
        try (Stream<Path> list = Files.list(folder)) {
            files = list.sorted().toList();
        }
        for (Path file : files) {
            LandingReader reader = new LandingReader(file.toString(), ByteBuffer.wrap(Files.readAllBytes(file)));
            for (Optional<LandedRows> block = reader.next(); block.isPresent(); block = reader.next()) {
                if (block.get().table() == table) {
                    found.add(block.get());
                }
            }
        }
        return found;
    }
}
