/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import dev.traversion.analysis.why.past.World;
import dev.traversion.archive.CoverageInterval;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.History;
import dev.traversion.archive.ResourceType;
import java.util.ArrayList;
import java.util.List;

/**
 * Something that an answer had to do without.
 *
 * @param what a resource, or a table
 * @param from ns
 * @param to ns
 */
public record Missing(String what, long from, long to, String reason) {

    /** Recorders end and begin their streams one after another; that is no gap, ns. */
    private static final long STOPPING = 1_000_000_000L;

    private static final int MOST = 20;

    /** The gaps of those resources that were looked at. */
    static List<Missing> of(History history, World world) {
        List<Missing> found = new ArrayList<>();
        for (ResourceType type : world.types()) {
            long told = Math.max(world.from(), history.start());
            for (CoverageInterval interval : history.coverage(type, world.from(), world.to())) {
                gap(type, told, interval.from(), "nothing was recording", history.start(), found);
                told = Math.max(told, interval.from());
                if (!interval.observed()) {
                    gap(type, told, Math.min(interval.to(), world.to()), interval.reason(), history.start(), found);
                }
                told = Math.max(told, Math.min(interval.to(), world.to()));
            }
        }
        world.cut()
                .forEach(type -> found.add(new Missing(
                        type.toString(),
                        world.from(),
                        world.to(),
                        "there are more versions than fit into memory: a shorter --since reads all of them")));
        if (world.from() < history.start()) {
            found.add(new Missing(
                    "everything",
                    world.from(),
                    history.start(),
                    "the recording begins later than the stretch looked at"));
        }
        return found.size() > MOST ? found.subList(0, MOST) : found;
    }

    private static void gap(ResourceType type, long from, long to, String reason, long start, List<Missing> found) {
        boolean isPause = reason.equals("nothing was recording") || reason.equals(CoverageMark.STOPPED);
        boolean isStart = from <= start && isPause;
        if (to - from > (isPause ? STOPPING : 0) && !isStart) {
            found.add(new Missing(type.toString(), from, to, reason));
        }
    }
}
