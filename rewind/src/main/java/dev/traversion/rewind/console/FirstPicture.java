/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.console;

import dev.traversion.archive.History;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.TraversionException;
import dev.traversion.rewind.Moment;
import dev.traversion.rewind.cluster.ServedCluster;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads ahead what a page asks for first, as soon as somebody gets a link to it: a browser takes about a second to start, in which the
 * server has nothing else to do. Nothing of it is answered: readers of parts remember what they worked out.
 */
public final class FirstPicture implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FirstPicture.class);

    /** How much around the moment the page asks for first, ns: as in the console's {@code store.ts}. */
    private static final long NEAR = 60_000_000_000L;

    private final Map<String, ServedCluster> clusters;
    private Thread reading;
    private volatile boolean closed;

    /** @param clusters by id, in order */
    public FirstPicture(Map<String, ServedCluster> clusters) {
        this.clusters = clusters;
    }

    /**
     * Begins to read, unless it is reading already.
     *
     * @param link of the page, as far as it says what is to be shown: its query, with or without what is before that
     */
    public synchronized void expect(String link) {
        ServedCluster cluster = clusters.get(parameter(link, "c"));
        if (cluster == null && !clusters.isEmpty()) {
            cluster = clusters.values().iterator().next();
        }
        if (cluster == null || closed || (reading != null && reading.isAlive())) {
            return;
        }
        History history = cluster.history();
        reading = Thread.ofPlatform().name("first-picture").daemon().start(() -> read(history, parameter(link, "t")));
    }

    private static String parameter(String link, String name) {
        Matcher found = Pattern.compile("[?&]" + name + "=([^&#]*)").matcher(link);
        try {
            return found.find() ? URLDecoder.decode(found.group(1), StandardCharsets.UTF_8) : "";
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    /** As the page understands it: what is no time within the recording is its end, or the nearest one. */
    private static long moment(History history, String text) {
        try {
            if (Moment.parse(text) instanceof Moment.Fixed fixed) {
                return Math.clamp(fixed.nanos(), history.start(), history.end());
            }
        } catch (TraversionException e) {
            return history.end();
        }
        return history.end();
    }

    private void read(History history, String time) {
        ObjectVersion.Visitor visitor = version -> {
            Vitals.health(version);
            return !closed;
        };
        try {
            long moment = moment(history, time);
            long from = Math.max(moment - NEAR, history.start());
            long to = Math.min(moment + NEAR, history.end());
            for (ResourceType type : history.types(to)) {
                if (!closed && !Question.QUIET.contains(type)) {
                    history.list(type, "", null, from, visitor);
                    history.unorderedChanges(type, "", from, to, visitor);
                }
            }
        } catch (IOException | RuntimeException e) {
            // Whoever asks gets the error.
            LOG.debug("cannot read ahead of cluster {}: {}", history.clusterId(), e.getMessage());
        }
    }

    /** Waits until nothing is read any more, which is soon. */
    @Override
    public void close() {
        Thread last;
        synchronized (this) {
            closed = true;
            last = reading;
        }
        boolean interrupted = false;
        while (last != null && last.isAlive()) {
            try {
                last.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
