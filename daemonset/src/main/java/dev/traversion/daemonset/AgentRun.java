/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset;

import dev.traversion.daemonset.logs.LogOptions;
import dev.traversion.daemonset.logs.LogRulesSource;
import dev.traversion.daemonset.upload.Upload;
import dev.traversion.masking.Masking;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Records what happens on this node until it is told to end, and tells how it is doing over HTTP. */
public final class AgentRun {

    private static final long DRAIN_MILLIS = 100;
    private static final long FLUSH_NANOS = 2_000_000_000L;

    /** From so many events in one go on the next is sooner, so that the rings never come near to being full. */
    private static final int BUSY_EVENTS = 2000;

    private static final long BUSY_MILLIS = 20;

    /**
     * What it is told.
     *
     * @param to a directory or {@code s3://bucket/prefix}
     * @param cluster its id; {@code ""} for a node by itself
     * @param spool for files on their way to a store
     * @param port of {@code /metrics}, {@code /healthz} and {@code /problems}; 0 for none
     */
    public record Settings(String to, String cluster, String node, Path spool, int port, Asked asked) {}

    /**
     * What it is asked to record.
     *
     * @param masking what is secret in arguments and working directories of programs, if they are asked for; may throw
     * @param logs whose logs are recorded; null for nobody's
     */
    public record Asked(AgentRequest request, Supplier<Masking> masking, Logs logs) {}

    /**
     * Of containers.
     *
     * @param folder where the kubelet keeps them
     */
    public record Logs(LogRulesSource rules, Path folder) {

        /** Where kubelets keep them, unless told otherwise. */
        public static final String USUAL_FOLDER = "/var/log/pods";
    }

    private AgentRun() {}

    /**
     * Records.
     *
     * @param told ends it
     * @param notes told in a sentence each what people should know
     * @throws dev.traversion.archive.TraversionException if nothing can be recorded here
     */
    public static void run(Settings settings, CountDownLatch told, Consumer<String> notes)
            throws IOException, InterruptedException {
        try (AgentTarget target =
                AgentTarget.open(settings.to(), settings.cluster(), settings.node(), settings.spool())) {
            AgentOptions options = AgentOptions.defaults(target.landing(), settings.node())
                    .with(
                            settings.asked().request(),
                            settings.asked().masking(),
                            Optional.ofNullable(settings.asked().logs())
                                    .map(logs -> LogOptions.of(
                                            logs.folder(),
                                            settings.spool().resolve(settings.node() + ".logs.json"),
                                            logs.rules())));
            Upload upload = null;
            try (Agent agent = new Agent(options)) {
                if (target.isSpool()) {
                    upload = new Upload(
                            target.landing().resolve(settings.node()),
                            target.store(),
                            target.layout(),
                            settings.node(),
                            agent::freed);
                }
                AtomicLong lastFlush = new AtomicLong(System.nanoTime());
                AgentServer server = AgentServer.start(settings.port(), agent, upload, lastFlush);
                try {
                    agent.problems().forEach(notes);
                    notes.accept("records into " + target.store().location() + "/"
                            + target.layout().landing() + settings.node());
                    loop(agent, told, lastFlush);
                } finally {
                    if (server != null) {
                        server.close();
                    }
                }
            } finally {
                // The agent has ended its last file by now.
                if (upload != null) {
                    upload.close();
                }
            }
        }
    }

    private static void loop(Agent agent, CountDownLatch told, AtomicLong lastFlush) throws InterruptedException {
        long millis = DRAIN_MILLIS;
        while (!told.await(millis, TimeUnit.MILLISECONDS)) {
            millis = agent.drain() < BUSY_EVENTS ? DRAIN_MILLIS : BUSY_MILLIS;
            if (System.nanoTime() - lastFlush.get() >= FLUSH_NANOS) {
                agent.flush();
                lastFlush.set(System.nanoTime());
            }
        }
    }
}
