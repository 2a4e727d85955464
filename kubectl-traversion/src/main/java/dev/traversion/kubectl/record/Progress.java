/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.record;

import dev.traversion.archive.RecordingProgress;
import dev.traversion.archive.ResourceType;
import dev.traversion.snapshotter.Snapshotter;
import dev.traversion.snapshotter.watch.StreamStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * How recording is going at one instant.
 *
 * @param elapsed since it began
 * @param observing resources being observed
 * @param listing resources whose first list is not complete
 * @param complete whether all that exists was recorded once
 * @param objects that exist
 * @param gaps reasons by type
 * @param written what the writer says
 * @param problem with what goes on beside the streams; {@code ""} if there is none
 */
public record Progress(
        Duration elapsed,
        int observing,
        int listing,
        boolean complete,
        long objects,
        Map<ResourceType, String> gaps,
        RecordingProgress written,
        String problem) {

    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

    public static Progress of(Duration elapsed, Snapshotter snapshotter, RecordingProgress written, String problem) {
        boolean complete = snapshotter.isComplete();
        int observing = 0;
        int listing = 0;
        long objects = 0;
        Map<ResourceType, String> gaps = new TreeMap<>();
        for (StreamStatus stream : snapshotter.status()) {
            objects += stream.objects();
            switch (stream.state()) {
                case OBSERVING -> observing++;
                case LISTING -> listing++;
                case GAP -> gaps.put(stream.type(), stream.reason());
                case STOPPED -> {}
            }
        }
        return new Progress(elapsed, observing, listing, complete, objects, gaps, written, problem);
    }

    /** Changes a second since an earlier instant. */
    double rateSince(Progress earlier) {
        double seconds = elapsed.minus(earlier.elapsed).toNanos() / 1e9;
        return seconds <= 0 ? 0 : (written.changes() - earlier.written.changes()) / seconds;
    }

    /** One line. */
    String line(double rate) {
        return clock(elapsed) + "  " + counts(rate) + ", " + amounts()
                + (written.storeProblem().isEmpty() ? "" : ", NOT UPLOADED: " + written.storeProblem())
                + (written.stalled().isEmpty() ? "" : ", STALLED: " + written.stalled());
    }

    private String counts(double rate) {
        return count(observing, "resource") + (listing > 0 ? " (" + listing + " listing)" : "") + ", "
                + count(objects, "object")
                + ", " + count(written.changes(), "change") + " ("
                + String.format(Locale.ROOT, rate < 10 ? "%.1f" : "%.0f", rate)
                + "/s)" + (gaps.isEmpty() ? "" : ", " + count(gaps.size(), "gap"));
    }

    private String amounts() {
        return bytes(written.walBytes()) + " logged, " + count(written.unsealedChanges(), "change") + " unsealed, "
                + count(written.sealedParts(), "part") + " sealed"
                + (written.sealedParts() > 0 ? " (" + bytes(written.sealedBytes()) + ")" : "")
                + (written.failedUploads() > 0
                        ? ", " + count(written.failedUploads(), "failed upload") + " (retried)"
                        : "");
    }

    /** Several lines, for a terminal. */
    List<String> block(double rate, String title) {
        List<String> lines = new ArrayList<>();
        lines.add(title + "  " + clock(elapsed));
        lines.add("  " + counts(rate));
        lines.add("  " + amounts());
        if (!written.storeProblem().isEmpty()) {
            lines.add("  NOT UPLOADED: " + written.storeProblem());
        }
        if (!written.stalled().isEmpty()) {
            lines.add("  STALLED: " + written.stalled());
        }
        if (!problem.isEmpty()) {
            lines.add("  " + problem);
        }
        return lines;
    }

    /** What was recorded, in the end. */
    public String summary(RecordingProgress end) {
        return count(end.changes(), "change") + " of " + count(objects, "object") + " in "
                + count(observing, "resource")
                + ", " + bytes(end.sealedBytes()) + " sealed"
                + (gaps.isEmpty()
                        ? ""
                        : "; not observed: "
                                + String.join(
                                        ", ",
                                        gaps.keySet().stream()
                                                .map(Object::toString)
                                                .toList()));
    }

    static String count(long number, String what) {
        return String.format(Locale.ROOT, "%,d %s%s", number, what, number == 1 ? "" : "s");
    }

    static String bytes(long bytes) {
        double amount = bytes;
        int unit = 0;
        while (amount >= 1024 && unit < UNITS.length - 1) {
            amount /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 || amount >= 100 ? "%.0f %s" : "%.1f %s", amount, UNITS[unit]);
    }

    static String clock(Duration elapsed) {
        return String.format(
                Locale.ROOT, "%02d:%02d:%02d", elapsed.toHours(), elapsed.toMinutesPart(), elapsed.toSecondsPart());
    }
}
