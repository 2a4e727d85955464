/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.traversion.archive.TraversionException;
import dev.traversion.fuzzing.Choices;
import dev.traversion.fuzzing.FuzzTargets;
import dev.traversion.fuzzing.Memory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.apache.parquet.example.data.Group;
import org.junit.jupiter.api.io.TempDir;

/** The page writer and the page reader against parquet-java. */
class PagesFuzzTest implements FuzzTargets {

    private static final TableSchema SCHEMA = new TableSchema(List.of(
            new Column("l", 1, Column.Kind.LONG),
            new Column("i", 2, Column.Kind.INT),
            new Column("b", 3, Column.Kind.BOOLEAN),
            new Column("w", 4, Column.Kind.WORD),
            new Column("t", 5, Column.Kind.TEXT),
            new Column("ws", 6, Column.Kind.WORDS, 7),
            new Column("n", 8, Column.Kind.NUMBER)));
    private static final int ENOUGH = 48 << 20;

    private record Row(long l, int i, boolean b, String w, String t, List<String> ws, long n) {}

    @TempDir
    private Path directory;

    @FuzzTest
    void bothReadWhatWasWritten(byte[] input) throws IOException {
        List<Row> rows = new ArrayList<>();
        WrittenFile file = write(new Choices(input), rows);
        assertThat(ours(file.path(), file.name()))
                .isEqualTo(rows.stream().map(PagesFuzzTest::withoutWords).toList());
        assertThat(ParquetJava.rows(file.path()).stream()
                        .map(PagesFuzzTest::row)
                        .toList())
                .isEqualTo(rows);
        Files.delete(file.path());
    }

    /** A file with some bytes changed is refused or gives the same rows; with a footer that was forged, too, it is bounded. */
    @FuzzTest
    void aChangedFileIsRefusedOrTheSame(byte[] input) throws Exception {
        List<Row> rows = new ArrayList<>();
        WrittenFile file = write(new Choices("0123456789abcdef".repeat(40).getBytes(StandardCharsets.UTF_8)), rows);
        byte[] bytes = Files.readAllBytes(file.path());
        Files.delete(file.path());
        Choices choices = new Choices(input);
        boolean isForged = choices.yes();
        if (choices.below(8) == 0) {
            bytes = Arrays.copyOf(bytes, choices.below(bytes.length));
        }
        while (!choices.isSpent() && bytes.length > 0) {
            // mostly in the footer: pages have checksums
            int at = choices.yes()
                    ? choices.below(bytes.length)
                    : bytes.length - 1 - choices.below(Math.min(600, bytes.length));
            bytes[at] ^= (byte) choices.next();
        }
        Path path = Files.write(Files.createTempFile(directory, "changed", ".parquet"), bytes);
        String name = isForged ? forgedName(bytes) : file.name();
        Memory.atMost(ENOUGH, () -> {
            try {
                List<Row> read = ours(path, name);
                if (!isForged) {
                    assertThat(read)
                            .isEqualTo(rows.stream()
                                    .map(PagesFuzzTest::withoutWords)
                                    .toList());
                }
            } catch (TraversionException e) {
                assertThat(e).hasMessageContaining("damaged at byte");
            }
        });
        Files.delete(path);
    }

    /** A name that ends in the checksum of whatever stands where the footer should be. */
    private static String forgedName(byte[] bytes) {
        int tail = Math.min(8, bytes.length);
        int length = tail < 8 ? 0 : ByteBuilder.intAt(bytes, bytes.length - 8);
        int start = length < 0 || length > bytes.length - 8 ? bytes.length - tail : bytes.length - 8 - length;
        CRC32C crc = new CRC32C();
        crc.update(bytes, start, bytes.length - start);
        return "forged-%08x.parquet".formatted((int) crc.getValue());
    }

    private WrittenFile write(Choices choices, List<Row> rows) throws IOException {
        Path path = Files.createTempFile(directory, "rows", ".parquet");
        Files.delete(path);
        List<String> words = new ArrayList<>(List.of("", "a", "b"));
        try (ParquetWriter writer = new ParquetWriter(path, SCHEMA, Compression.QUICK, "t")) {
            while (!choices.isSpent() && rows.size() < 300) {
                if (choices.below(4) == 0) {
                    words.add(choices.text(6));
                }
                List<String> list = new ArrayList<>();
                for (int i = choices.below(4); i > 0; i--) {
                    list.add(choices.of(words));
                }
                Row row = new Row(
                        choices.number(),
                        (int) choices.number(),
                        choices.yes(),
                        choices.of(words),
                        choices.below(30) == 0 ? "x".repeat(70_000) : choices.text(40),
                        list,
                        number(choices, rows.size()));
                // long runs, too
                for (int i = choices.below(6) == 0 ? choices.below(40) : 0; i >= 0; i--) {
                    rows.add(row);
                    add(writer, row);
                }
                if (choices.below(20) == 0) {
                    writer.endGroup();
                }
            }
            return writer.finish(Map.of("a", "b"));
        }
    }

    /** Mostly what goes on from the row before, or is one of a few. */
    private static long number(Choices choices, int row) {
        return switch (choices.below(16)) {
            case 0 -> choices.number();
            case 1 -> 7_000_000_000L * choices.below(3);
            default -> 1_000_000L * row + choices.below(200);
        };
    }

    private static void add(ParquetWriter writer, Row row) throws IOException {
        writer.longs("l").add(row.l);
        writer.ints("i").add(row.i);
        writer.booleans("b").add(row.b);
        writer.words("w").add(row.w);
        writer.texts("t").add(row.t);
        writer.wordLists("ws").add(row.ws);
        writer.longs("n").add(row.n);
        writer.endRow();
    }

    private static List<Row> ours(Path path, String name) throws IOException {
        ParquetFile file = ParquetFile.open(path, name, SCHEMA);
        List<Row> rows = new ArrayList<>();
        for (int group = 0; group < file.groups(); group++) {
            long[] longs = file.longs(group, "l");
            int[] ints = file.ints(group, "i");
            boolean[] booleans = file.booleans(group, "b");
            Words words = file.words(group, "w");
            TextPages pages = file.texts(group, "t");
            long[] numbers = file.longs(group, "n");
            for (int p = 0; p < pages.count(); p++) {
                TextPage page = pages.read(p, null);
                for (int row = pages.firstRow(p); row < pages.firstRow(p + 1); row++) {
                    String text = new String(page.bytes(), page.from(row), page.length(row), StandardCharsets.UTF_8);
                    String word = words.word(words.ids()[row]);
                    rows.add(new Row(longs[row], ints[row], booleans[row], word, text, List.of(), numbers[row]));
                }
            }
        }
        return rows;
    }

    private static Row withoutWords(Row row) {
        return new Row(row.l, row.i, row.b, row.w, row.t, List.of(), row.n);
    }

    private static Row row(Group group) {
        List<String> words = new ArrayList<>();
        Group list = group.getGroup("ws", 0);
        for (int i = 0; i < list.getFieldRepetitionCount(0); i++) {
            words.add(list.getGroup(0, i).getString(0, 0));
        }
        return new Row(
                group.getLong("l", 0),
                group.getInteger("i", 0),
                group.getBoolean("b", 0),
                group.getString("w", 0),
                group.getString("t", 0),
                words,
                group.getLong("n", 0));
    }
}
