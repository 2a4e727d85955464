/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.simulation;

import dev.traversion.snapshotter.api.ApiReads;
import dev.traversion.snapshotter.discovery.ServedResource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.random.RandomGenerator;

/** A watch: delivers in order, in pieces of any size, late, and not for ever. */
final class SimulatedWatch implements ApiReads.Stream {

    private final World world;
    private final SimulatedServer server;
    private final SimulatedProcess process;
    private final ServedResource resource;
    private final ApiReads.Bytes consumer;
    private final long restarts;
    private final long breaksAt;
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
    private long position;
    private int delivered;
    private long bookmarkAt;
    private boolean cancelled;

    /** @param from the revision after which it begins; negative for a list first */
    SimulatedWatch(
            World world,
            SimulatedServer server,
            SimulatedProcess process,
            ServedResource resource,
            long from,
            ApiReads.Bytes consumer) {
        this.world = world;
        this.server = server;
        this.process = process;
        this.resource = resource;
        this.consumer = consumer;
        this.restarts = server.restarts();
        int seconds = server.isTroubled() ? world.random().nextInt(1, 60) : 600;
        this.breaksAt = process.nanoTime() + seconds * 1_000_000_000L;
        this.position = from < 0 ? server.cluster().revision() : from;
        this.bookmarkAt = process.nanoTime() + 2_000_000_000L;
        if (from < 0) {
            for (SimulatedCluster.Version version :
                    server.cluster().state(resource.type(), position).values()) {
                line("ADDED", SimulatedCluster.text(version.body()));
            }
            bookmark(",\"annotations\":{\"k8s.io/initial-events-end\":\"true\"}");
        } else if (from < server.cachedFrom()) {
            line(
                    "ERROR",
                    "{\"kind\":\"Status\",\"status\":\"Failure\",\"message\":\"too old resource"
                            + " version\",\"reason\":\"Expired\",\"code\":410}");
        }
        List<SimulatedCluster.Version> history = server.cluster().history(resource.type());
        while (delivered < history.size() && history.get(delivered).revision() <= position) {
            delivered++;
        }
    }

    private void line(String type, String object) {
        pending.writeBytes(
                ("{\"type\":\"" + type + "\",\"object\":" + object + "}\n").getBytes(StandardCharsets.UTF_8));
    }

    private void bookmark(String annotations) {
        line(
                "BOOKMARK",
                "{\"kind\":\"" + resource.kind() + "\",\"apiVersion\":\"" + resource.apiVersion()
                        + "\",\"metadata\":{\"resourceVersion\":\"" + position + "\"" + annotations + "}}");
    }

    @Override
    public void await() throws IOException, InterruptedException {
        RandomGenerator random = world.random();
        while (!cancelled) {
            boolean broken = process.nanoTime() >= breaksAt || server.restarts() != restarts || !server.isUp();
            if (!broken) {
                collect();
            }
            byte[] bytes = pending.toByteArray();
            pending.reset();
            int now = broken || random.nextInt(3) == 0 ? random.nextInt(bytes.length + 1) : bytes.length;
            if (now > 0) {
                process.step("deliver", resource.type() + " " + now);
                deliver(ByteBuffer.wrap(bytes, 0, now));
            }
            pending.write(bytes, now, bytes.length - now);
            if (broken) {
                // The rest is lost, also of a line.
                process.step("break", resource.type().toString());
                if (random.nextBoolean()) {
                    throw new IOException("Connection reset");
                }
                return;
            }
            process.sleep(random.nextInt(1, 400));
        }
    }

    private void deliver(ByteBuffer bytes) throws IOException, InterruptedException {
        try {
            consumer.accept(bytes);
        } catch (IOException | InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    /** What happened since. */
    private void collect() {
        List<SimulatedCluster.Version> history = server.cluster().history(resource.type());
        while (delivered < history.size()) {
            SimulatedCluster.Version version = history.get(delivered++);
            line(version.operation().name(), SimulatedCluster.text(version.body()));
        }
        position = server.cluster().revision();
        if (process.nanoTime() >= bookmarkAt) {
            bookmark("");
            bookmarkAt = process.nanoTime() + world.random().nextLong(2_000_000_000L, 10_000_000_000L);
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
    }
}
