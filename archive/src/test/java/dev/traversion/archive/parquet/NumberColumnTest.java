/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.testing.Seed;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NumberColumnTest {

    private static final TableSchema PLAIN = new TableSchema(List.of(new Column("n", 1, Column.Kind.LONG)));
    private static final TableSchema PACKED = new TableSchema(List.of(new Column("n", 1, Column.Kind.NUMBER)));

    @TempDir
    private Path directory;

    private int files;

    @Test
    void timesPortsAndCountsTakeLessAndEveryReaderGetsThem() throws Exception {
        long seed = Seed.take();
        Random random = new Random(seed);
        for (int count : new int[] {2, 33, 129, 130, 5_000}) {
            long[] time = {1_750_000_000_000_000_000L};
            assertRead(count, _ -> time[0] += random.nextInt(60_000_000), count > 1000 ? 0.9 : 2);
            assertRead(count, _ -> 150 + random.nextInt(200), count > 1000 ? 0.85 : 2);
            assertRead(count, i -> i % 7 == 0 ? -1 : 1_000_000_007L * random.nextInt(9), 2);
            assertRead(count, i -> i / 900, 2);
        }
    }

    @Test
    void whatDiffersByTooMuchIsReadAsWell() throws Exception {
        Random random = new Random(5);
        assertRead(300, _ -> random.nextLong(), 1.1);
        assertRead(300, i -> i % 2 == 0 ? Long.MAX_VALUE : Long.MIN_VALUE, 2);
        assertRead(300, i -> i % 50 == 0 ? Long.MAX_VALUE : 1_750_000_000_000_000_000L + i * 1001L, 2);
    }

    /** @param share at most so much of what it takes plain */
    private void assertRead(int count, LongUnaryOperator value, double share) throws Exception {
        long[] values = LongStream.range(0, count).map(value).toArray();
        WrittenFile packed = write(PACKED, values);

        ParquetFile file = ParquetFile.open(packed.path(), packed.name(), PACKED);
        assertThat(LongStream.range(0, file.groups())
                        .flatMap(group -> LongStream.of(file.longs((int) group, "n")))
                        .toArray())
                .containsExactly(values);
        assertThat(ParquetJava.rows(packed.path()).stream()
                        .mapToLong(row -> row.getLong("n", 0))
                        .toArray())
                .containsExactly(values);
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duck.createStatement();
                ResultSet rows = statement.executeQuery("SELECT n FROM read_parquet('" + packed.path() + "')")) {
            LongStream.Builder read = LongStream.builder();
            while (rows.next()) {
                read.add(rows.getLong(1));
            }
            assertThat(read.build().toArray()).containsExactly(values);
        }
        assertThat((double) packed.bytes())
                .isLessThanOrEqualTo(share * write(PLAIN, values).bytes());
    }

    private WrittenFile write(TableSchema schema, long[] values) throws Exception {
        Path path = directory.resolve("numbers-" + files++ + ".parquet");
        try (ParquetWriter writer = new ParquetWriter(path, schema, Compression.QUICK, "")) {
            for (int i = 0; i < values.length; i++) {
                writer.longs("n").add(values[i]);
                writer.endRow();
                if (i == 3000) {
                    writer.endGroup();
                }
            }
            return writer.finish(Map.of());
        }
    }
}
