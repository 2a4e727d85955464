/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.logs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.landing.LandedRows;
import dev.traversion.archive.landing.LandingReader;
import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.store.Folders;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How far logs were read, kept in a file. It is written after the rows it speaks of, and before the file they are in is ended: so what an
 * agent that was killed had written after it is in its last file, and is found there.
 */
final class LogPositions {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private String written = "";

    LogPositions(Path file) {
        this.file = file;
    }

    /**
     * As they were kept, and what was taken since.
     *
     * @param landed the node's folder of rows
     */
    Map<ContainerLog.Key, LogPosition> load(Path landed) throws IOException {
        Map<ContainerLog.Key, LogPosition> positions = new HashMap<>();
        JsonNode kept;
        try {
            kept = Files.exists(file) ? JSON.readTree(Files.readAllBytes(file)) : JSON.createArrayNode();
        } catch (JsonProcessingException e) {
            throw new TraversionException(
                    file + ", which says how far logs were read, is damaged: " + e.getOriginalMessage()
                            + ". Delete it to read again what there is; its lines will be in the recording twice.",
                    e);
        }
        for (JsonNode each : kept) {
            positions.put(
                    new ContainerLog.Key(
                            each.path(0).asText(),
                            each.path(1).asText(),
                            each.path(2).asLong()),
                    new LogPosition(
                            each.path(3).asLong(),
                            each.path(4).asLong(),
                            each.path(5).asLong(),
                            each.path(6).asLong(),
                            each.path(7).asLong()));
        }
        takenSince(landed, positions);
        return positions;
    }

    private static void takenSince(Path landed, Map<ContainerLog.Key, LogPosition> positions) throws IOException {
        if (!Files.isDirectory(landed)) {
            return;
        }
        Optional<Path> last;
        try (Stream<Path> files = Files.list(landed)) {
            last = files.filter(each -> each.toString().endsWith(".trow")).max(Path::compareTo);
        }
        if (last.isEmpty()) {
            return;
        }
        LandingReader reader =
                new LandingReader(last.get().toString(), ByteBuffer.wrap(Files.readAllBytes(last.get())));
        try {
            for (Optional<LandedRows> block = reader.next(); block.isPresent(); block = reader.next()) {
                if (block.get().table() == LandingTable.LOGS) {
                    taken(block.get(), positions);
                }
            }
        } catch (TraversionException e) {
            // Damaged: whoever compacts it says so. What was read before counts.
            System.getLogger(LogPositions.class.getName()).log(System.Logger.Level.WARNING, e.getMessage());
        }
    }

    private static void taken(LandedRows rows, Map<ContainerLog.Key, LogPosition> positions) {
        LandingTable logs = LandingTable.LOGS;
        for (int row = 0; row < rows.rows(); row++) {
            ContainerLog.Key key = new ContainerLog.Key(
                    rows.text(row, logs.column("pod_uid")),
                    rows.text(row, logs.column("container")),
                    rows.number(row, logs.column("restart")));
            long position = rows.number(row, logs.column("position"));
            positions.merge(key, new LogPosition(0, 0, 0, position, 0), (known, _) -> known.taken(position));
        }
    }

    /** Keeps them, so that they outlive the machine. */
    void keep(Map<ContainerLog.Key, LogPosition> positions) throws IOException {
        ArrayNode all = JSON.createArrayNode();
        positions.forEach((key, position) -> all.addArray()
                .add(key.podUid())
                .add(key.container())
                .add(key.restart())
                .add(position.inode())
                .add(position.offset())
                .add(position.position())
                .add(position.taken())
                .add(position.read()));
        String text = all.toString();
        if (text.equals(written)) {
            return;
        }
        Folders.create(file.toAbsolutePath().getParent());
        Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
        try (FileChannel channel = FileChannel.open(
                unfinished,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                // A disk that becomes full takes a part at first, and fails then.
                channel.write(bytes);
            }
            channel.force(false);
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        written = text;
    }
}
