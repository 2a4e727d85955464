/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.bench;

import com.github.luben.zstd.Zstd;
import com.sun.management.OperatingSystemMXBean;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.parquet.Compression;
import dev.traversion.archive.parquet.WrittenFile;
import dev.traversion.archive.part.PartCaches;
import dev.traversion.archive.part.PartReader;
import dev.traversion.archive.part.PartWriter;
import dev.traversion.archive.part.VersionCursor;
import dev.traversion.archive.testing.SyntheticCluster;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Measures parts: writing, their size against JSON lines with zstd -3, and reading the state, an object and a history at random
 * moments of one full part; and packing of parts a quarter as large. Arguments: numbers of objects; 20000 and 100000 if there are none.
 */
public final class PartBenchmarks {

    private static final long SEED = 1;
    // when parts close
    private static final int CHANGES_PER_OBJECT = 12;
    private static final int BLOCK = 1 << 20;
    private static final int ROUNDS = 15;
    private static final int SAMPLES = 5_000;

    private final Random random = new Random(SEED);
    private final String size;
    private final int objects;
    private final SortedChanges changes;
    private final Path directory;

    private PartBenchmarks(int objects, Path directory) throws IOException {
        this.objects = objects;
        this.directory = directory;
        size = objects / 1000 + "k";
        changes = new SortedChanges(directory.resolve("bodies"), SEED, objects, objects * CHANGES_PER_OBJECT);
    }

    public static void main(String[] arguments) throws IOException {
        int[] sizes = arguments.length == 0
                ? new int[] {20_000, 100_000}
                : Arrays.stream(arguments).mapToInt(Integer::parseInt).toArray();
        for (int objects : sizes) {
            Path directory = Files.createTempDirectory("traversion-bench");
            try {
                new PartBenchmarks(objects, directory).run();
                new PackedBenchmark(objects / 4, directory).run();
            } finally {
                try (Stream<Path> files = Files.walk(directory)) {
                    for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(file);
                    }
                }
            }
        }
    }

    private void run() throws IOException {
        Figure.plain("stream." + size + ".mean-body", (double) changes.rawBytes() / changes.rows(), "B");
        WrittenFile file = write();
        size(file);
        PartCaches caches = new PartCaches(256L << 20, 32L << 20);
        long opening = System.nanoTime();
        PartReader reader = PartReader.open(file.path(), file.name(), caches);
        byte[] body = reader.last(changes.keys().getFirst(), changes.end())
                .orElseThrow()
                .body();
        Figure.plain("part." + size + ".first-object-cold", millis(System.nanoTime() - opening), "ms");
        Figure.plain("part." + size + ".first-object-size", body.length, "B");
        state(reader, false);
        state(reader, true);
        points(reader);
    }

    /** Encoding only: the bodies come from a mapped file. */
    private WrittenFile write() throws IOException {
        WrittenFile file = null;
        double best = 0;
        for (int round = 0; round < 3; round++) {
            long before = threadCpu();
            try (PartWriter writer = new PartWriter(
                    directory.resolve("part-" + round), changes.start(), changes.end(), Compression.QUICK)) {
                changes.forEach(version -> writer.add(version, version.validTo(), false));
                file = writer.finish();
            }
            best = Math.max(best, changes.rows() * 1e9 / (threadCpu() - before));
        }
        Figure.atLeast("part." + size + ".encode", best, "changes/cpu-s", 60_000);
        return file;
    }

    /** The first rows of the part stand for its carry rows, so what is left is counted as changes. */
    private void size(WrittenFile file) {
        SyntheticCluster cluster = new SyntheticCluster(SEED, objects, 50_000_000);
        int initial = cluster.initialChanges();
        byte[] block = new byte[BLOCK];
        int filled = 0;
        long compressed = 0;
        for (int i = 0; i < changes.rows(); i++) {
            byte[] body = cluster.next().body();
            if (filled + body.length + 1 > BLOCK) {
                compressed += Zstd.compress(Arrays.copyOf(block, filled), 3).length;
                filled = 0;
            }
            System.arraycopy(body, 0, block, filled, body.length);
            filled += body.length;
            block[filled++] = '\n';
        }
        compressed += Zstd.compress(Arrays.copyOf(block, filled), 3).length;
        double baseline = (double) compressed / changes.rows();
        double stored = (double) file.bytes() / (changes.rows() - initial);
        Figure.atMost("part." + size + ".stored", stored, "B/change", 100);
        Figure.plain("baseline.json-lines-zstd-3." + size, baseline, "B/change");
        Figure.plain("part." + size + ".stored-to-baseline", stored / baseline, "ratio");
    }

    private void state(PartReader reader, boolean managedFields) throws IOException {
        double[] wall = new double[ROUNDS];
        double[] cpu = new double[ROUNDS];
        long bytes = 0;
        for (int round = -5; round < ROUNDS; round++) {
            long time = randomTime();
            Sink sink = new Sink();
            long cpuBefore = processCpu();
            long before = System.nanoTime();
            for (ResourceType type : reader.types(time)) {
                try (VersionCursor states = reader.states(type, "", null, time)) {
                    while (states.next()) {
                        states.current().writeBody(sink, managedFields, 0);
                    }
                }
            }
            if (round >= 0) {
                wall[round] = millis(System.nanoTime() - before);
                cpu[round] = millis(processCpu() - cpuBefore);
                bytes += sink.written;
            }
        }
        String name = "state." + size + (managedFields ? ".with-managed-fields" : "");
        Figure.plain(name + ".size", bytes / (double) ROUNDS / 1e6, "MB");
        double wallTarget = objects * 350.0 / 100_000;
        double cpuTarget = objects * 150.0 / 20_000;
        Figure.atMost(name + ".wall", quantile(wall, 0.5), "ms", wallTarget);
        Figure.atMost(name + ".cpu", quantile(cpu, 0.5), "ms", cpuTarget);
    }

    private void points(PartReader reader) throws IOException {
        List<ObjectKey> keys = changes.keys();
        double[] object = new double[SAMPLES];
        double[] history = new double[SAMPLES];
        for (int sample = -SAMPLES; sample < SAMPLES; sample++) {
            ObjectKey key = keys.get(random.nextInt(keys.size()));
            long time = randomTime();
            Sink sink = new Sink();
            long before = System.nanoTime();
            Optional<ObjectVersion> found = reader.last(key, time);
            if (found.isPresent()) {
                found.get().writeBody(sink, true, 0);
            }
            long middle = System.nanoTime();
            reader.versions(key, Long.MIN_VALUE, Long.MAX_VALUE, version -> {
                version.writeBody(sink, true, 0);
                return true;
            });
            if (sample >= 0) {
                object[sample] = millis(middle - before);
                history[sample] = millis(System.nanoTime() - middle);
            }
        }
        Figure.atMost("object." + size + ".p95", quantile(object, 0.95), "ms", 1);
        Figure.atMost("history." + size + ".p95", quantile(history, 0.95), "ms", 5);
    }

    private long randomTime() {
        return changes.start() + (long) (random.nextDouble() * (changes.end() - changes.start()));
    }

    private static double quantile(double[] values, double quantile) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(int) (quantile * (sorted.length - 1))];
    }

    private static double millis(long nanos) {
        return nanos / 1e6;
    }

    private static long threadCpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static long processCpu() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    /** Takes bytes as a socket's buffer does. */
    private static final class Sink extends OutputStream {

        private final byte[] buffer = new byte[64 * 1024];
        private long written;

        @Override
        public void write(int value) {
            buffer[0] = (byte) value;
            written++;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            for (int done = 0; done < length; done += buffer.length) {
                System.arraycopy(bytes, offset + done, buffer, 0, Math.min(buffer.length, length - done));
            }
            written += length;
        }
    }
}
