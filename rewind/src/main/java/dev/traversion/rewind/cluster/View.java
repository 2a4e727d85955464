/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.archive.History;
import dev.traversion.archive.ResourceType;
import dev.traversion.rewind.access.Past;
import dev.traversion.rewind.access.Reach;
import dev.traversion.rewind.discovery.Discovery;
import dev.traversion.rewind.discovery.ServedResource;
import dev.traversion.rewind.table.TablePrinter;
import dev.traversion.rewind.table.TablePrinters;
import java.io.IOException;
import java.util.Optional;

/**
 * A cluster at a moment.
 *
 * @param history of it, as far as it may be read
 * @param time the instant it stands for, ns
 * @param pace how time goes on from there for those who watch
 */
public record View(ServedCluster cluster, History history, long time, Pace pace) {

    private static final long FIRST_WINDOW = 2_000_000_000L;

    /** Whether it was asked for as {@code now}, so that watches follow the recording. */
    public boolean moving() {
        return pace.end() == Long.MAX_VALUE;
    }

    public Discovery discovery() throws IOException {
        return cluster.discovery().at(time);
    }

    /** How the API server of that time printed a resource. */
    public TablePrinter tablePrinter(ServedResource resource, Optional<JsonNode> definition) throws IOException {
        return cluster.tablePrinters(time).forType(resource.type(), resource.version(), definition);
    }

    /** The minor version of the API server of that time, 36 of 1.36; that of the newest known one if it was not recorded. */
    public int minorVersion() throws IOException {
        return TablePrinters.minorVersion(cluster.gitVersion(time));
    }

    /** The same cluster at another instant. */
    public View at(long instant) {
        return new View(cluster, history, instant, pace);
    }

    /** The same as far as somebody may read it. */
    public View within(Reach reach) {
        return new View(cluster, reach.of(history), time, pace);
    }

    /** What is asked for by who asks for this. */
    public Past past() {
        return new Past(cluster.history(), time, moving() ? time : Math.max(time, pace.end()));
    }

    /**
     * The instant of the newest change of a type; for a fixed moment the moment itself. The state then can no longer change, while at
     * the moving end of a recording a change may still come that was observed a little before the newest one of other types.
     */
    public long settled(ResourceType type) throws IOException {
        if (!moving()) {
            return time;
        }
        long[] newest = {Long.MIN_VALUE};
        for (long window = FIRST_WINDOW; newest[0] == Long.MIN_VALUE; window *= 8) {
            long from = Math.max(time - window, history().start() - 1);
            history().changes(type, "", from, Long.MAX_VALUE, change -> {
                newest[0] = change.observedAt();
                return true;
            });
            if (from < history().start()) {
                break;
            }
        }
        return newest[0] == Long.MIN_VALUE ? history().start() : newest[0];
    }
}
