/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.bench;

import dev.traversion.archive.Layout;
import dev.traversion.archive.bench.Figure;
import dev.traversion.archive.landing.LandingName;
import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.landing.LandingWriter;
import dev.traversion.archive.landing.RowBlock;
import dev.traversion.archive.node.NodeCompaction;
import dev.traversion.archive.store.FileStore;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.StoredFile;
import dev.traversion.daemonset.Agent;
import dev.traversion.daemonset.AgentOptions;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.UUID;

/** What a row costs: to take its event over, to write it, to compact it; and what it takes of the disk. */
final class RowBenchmarks {

    private static final int ROUNDS = 8;
    private static final int SIGNALS = 100_000;
    private static final int RING = 64 << 20;
    private static final int FLOWS = 400_000;
    private static final int PODS = 60;
    private static final long SEED = 1;
    private static final long UTC = 1_750_000_000_000_000_000L;
    private static final Layout LAYOUT = new Layout("bench");

    private RowBenchmarks() {}

    /** Signals of this process, taken over by an agent in it. */
    static void drain() throws IOException {
        Path directory = Files.createTempDirectory("traversion-agent");
        AgentOptions options = AgentOptions.defaults(directory, "bench").withLimits(0, RING, RING);
        SignalLoad load = new SignalLoad();
        double drain = Double.MAX_VALUE;
        double flush = Double.MAX_VALUE;
        double bytes = 0;
        try (Agent agent = new Agent(options)) {
            agent.drain();
            agent.flush();
            for (int round = 0; round < ROUNDS; round++) {
                load.send(SIGNALS);
                long eventsBefore = agent.progress().drained();
                long bytesBefore = agent.progress().bytes();
                long began = cpu();
                agent.drain();
                long drained = cpu();
                agent.flush();
                long flushed = cpu();
                double events = agent.progress().drained() - eventsBefore;
                drain = Math.min(drain, (drained - began) / events);
                flush = Math.min(flush, (flushed - drained) / events);
                bytes = (agent.progress().bytes() - bytesBefore) / events;
            }
        } finally {
            Observer.delete(directory);
        }
        Figure.plain("row.signal.drain", drain, "ns/event");
        Figure.plain("row.signal.write", flush, "ns/event");
        Figure.plain("row.signal.landed", bytes, "B/row");
    }

    /** Made-up connections of a node, as blocks of two seconds in files of a minute, then compacted. */
    static void flows() throws IOException {
        Path directory = Files.createTempDirectory("traversion-rows");
        try (FileStore store = new FileStore(directory.resolve("recording"))) {
            double landed = 0;
            double best = 0;
            double stored = 0;
            for (int round = 0; round < 3; round++) {
                land(directory.resolve("recording/" + LAYOUT.landing()), round);
                landed = bytes(store, LAYOUT.landing());
                NodeCompaction compaction = new NodeCompaction(
                        store, LAYOUT, new LocalCopies(store, directory.resolve("copies"), 1L << 30), directory);
                long before = cpu();
                compaction.run();
                best = Math.max(best, FLOWS * 1e9 / (cpu() - before));
                stored = bytes(store, LAYOUT.table(LandingTable.FLOWS.tableName()) + "/data/") / (round + 1);
            }
            Figure.atMost("row.flow.landed", landed / FLOWS, "B/row", 18);
            Figure.atMost("row.flow.compacted", stored / FLOWS, "B/row", 18);
            Figure.atLeast("row.compaction", best, "rows/cpu-s", 400_000);
        } finally {
            Observer.delete(directory);
        }
    }

    private static double bytes(FileStore store, String folder) throws IOException {
        return store.list(folder).stream().mapToLong(StoredFile::size).sum();
    }

    private static void land(Path landing, int epoch) throws IOException {
        Random random = new Random(SEED + epoch);
        String[] pods = new String[PODS];
        for (int i = 0; i < PODS; i++) {
            pods[i] = new UUID(random.nextLong(), random.nextLong()).toString();
        }
        int perFile = 60_000;
        int perBlock = 2_000;
        long boot = epoch * 1_000_000_000_000L;
        RowBlock clock = new RowBlock(LandingTable.CLOCK);
        RowBlock flows = new RowBlock(LandingTable.FLOWS);
        for (int file = 0; file * perFile < FLOWS; file++) {
            try (LandingWriter writer = new LandingWriter(landing, new LandingName("bench", 1000 + epoch, file))) {
                for (int row = file * perFile; row < Math.min(FLOWS, (file + 1) * perFile); row++) {
                    boot += random.nextInt(2_000_000);
                    if (row % perBlock == 0) {
                        writer.append(flows);
                        flows.clear();
                        clock.clear();
                        clock.set(LandingTable.CLOCK.column("time"), boot);
                        clock.set(LandingTable.CLOCK.column("utc"), UTC + boot);
                        clock.endRow();
                        writer.append(clock);
                    }
                    flow(flows, random, boot, pods);
                }
                writer.append(flows);
                flows.clear();
            }
        }
    }

    private static void flow(RowBlock flows, Random random, long boot, String[] pods) {
        int pod = pod(random);
        boolean isServer = random.nextBoolean();
        int other = pod(random);
        int ephemeral = 32768 + random.nextInt(28232);
        long took = (long) (Math.exp(random.nextGaussian() * 1.5) * 3_000_000);
        flows.set(LandingTable.FLOWS.column("time"), boot);
        flows.set(LandingTable.FLOWS.column("kind"), isServer ? "accepted" : "connected");
        flows.set(LandingTable.FLOWS.column("started"), boot - took);
        flows.set(LandingTable.FLOWS.column("pid"), 4000 + pod);
        flows.set(LandingTable.FLOWS.column("process_start"), 1_000_000_000_000L + pod * 7_777_777_777L);
        flows.set(LandingTable.FLOWS.column("cgroup"), 9000 + pod);
        flows.set(LandingTable.FLOWS.column("pod_uid"), pods[pod]);
        flows.set(
                LandingTable.FLOWS.column("container_id"),
                pods[pod].replace("-", "").repeat(2));
        flows.set(LandingTable.FLOWS.column("local_address"), "10.244.1." + pod);
        flows.set(LandingTable.FLOWS.column("local_port"), isServer ? 8080 : ephemeral);
        flows.set(LandingTable.FLOWS.column("remote_address"), "10.244." + other % 4 + "." + other);
        flows.set(LandingTable.FLOWS.column("remote_port"), isServer ? ephemeral : 8080);
        flows.set(LandingTable.FLOWS.column("network_namespace"), 4026532000L + pod);
        flows.set(LandingTable.FLOWS.column("sent_bytes"), 150 + random.nextInt(200));
        flows.set(LandingTable.FLOWS.column("received_bytes"), 400 + random.nextInt(2000));
        flows.set(LandingTable.FLOWS.column("round_trip_us"), 40 + random.nextInt(60));
        flows.endRow();
    }

    /** Some pods are busier than others. */
    private static int pod(Random random) {
        int one = random.nextInt(PODS);
        return Math.min(one, random.nextInt(PODS));
    }

    /** Of this thread, ns. */
    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
