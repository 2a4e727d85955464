/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.past;

import dev.traversion.archive.node.NodeRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * The last lines of one run of a container: as many as a kubelet would take for its last words, and before them the last of those
 * that complain, as a program may tell how it is used, or where it was, after what is wrong. For one thread.
 */
public final class LastLines implements Consumer<NodeRow> {

    private static final int MOST = 5;
    private static final int MOST_COMPLAINTS = 3;
    private static final int LONGEST = 500;

    /** Colours, and whatever else is not meant to be read. */
    private static final Pattern UNPRINTABLE = Pattern.compile("\\u001b\\[[0-9;?]*[@-~]|[\\p{Cntrl}&&[^\\t]]");

    private static final Pattern COMPLAINT = Pattern.compile(
            "(?i)(?<!\\b(?:no|0) )\\b(error|fail(ed|ure)?|fatal|panic|exception|refused|denied|forbidden|unauthorized"
                    + "|time(d )?out|unable|cannot|can't|could not|no such|not known|not defined|unknown|unrecogni[sz]ed"
                    + "|unsupported|malformed|illegal|unexpected|rejected|expired|invalid)\\b"
                    + "(?![\"']?\\s*[=:]\\s*(?:(?:0|nil|null|none|false)\\b|\"\"))");

    /** How programs tell of their flags. */
    private static final Pattern USAGE = Pattern.compile("\\s*--?[A-Za-z].*");

    /** What a line of a container is known by: an agent that begins anew may read it again. */
    private record Place(long logged, long position, String stream) {}

    private static final Comparator<Place> IN_ORDER = Comparator.comparingLong(Place::logged)
            .thenComparingLong(Place::position)
            .thenComparing(Place::stream);

    private final String container;
    private final long restart;
    private final NavigableMap<Place, String> last = new TreeMap<>(IN_ORDER);
    private final NavigableMap<Place, String> complaints = new TreeMap<>(IN_ORDER);

    LastLines(String container, long restart) {
        this.container = container;
        this.restart = restart;
    }

    @Override
    public void accept(NodeRow row) {
        String stream = row.text("stream");
        boolean isLine = stream.equals("stdout") || stream.equals("stderr");
        if (!isLine
                || row.number("restart") != restart
                || !row.text("container").equals(container)) {
            return;
        }
        String line = UNPRINTABLE.matcher(row.text("line")).replaceAll("").strip();
        if (!line.isEmpty()) {
            Place place = new Place(row.number("logged"), row.number("position"), stream);
            String cut = line.substring(0, end(line));
            last.put(place, cut);
            if (last.size() > MOST) {
                last.pollFirstEntry();
            }
            if (complains(cut)) {
                complaints.put(place, cut);
            }
            if (complaints.size() > MOST_COMPLAINTS) {
                complaints.pollFirstEntry();
            }
        }
    }

    /** Whether a line says that something went wrong. */
    public static boolean complains(String line) {
        return COMPLAINT.matcher(line).find() && !USAGE.matcher(line).matches();
    }

    private static int end(String line) {
        int end = Math.min(LONGEST, line.length());
        return end < line.length() && Character.isHighSurrogate(line.charAt(end - 1)) ? end - 1 : end;
    }

    /** Oldest first. */
    List<String> lines() {
        Map<Place, String> all = new TreeMap<>(IN_ORDER);
        all.putAll(complaints);
        all.putAll(last);
        return new ArrayList<>(all.values());
    }
}
