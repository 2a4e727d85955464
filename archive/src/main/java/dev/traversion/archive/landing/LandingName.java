/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.landing;

import dev.traversion.archive.TraversionException;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a landed file, {@code <node>/<epoch>-<seq>.trow}.
 *
 * @param node the node's name: letters, digits, {@code -}, {@code .} and {@code _}
 * @param epoch grows with each start of the node's agent
 * @param sequence counts the files of an epoch
 */
public record LandingName(String node, long epoch, long sequence) implements Comparable<LandingName> {

    static final String SUFFIX = ".trow";

    private static final Pattern PATH = Pattern.compile("([A-Za-z0-9][-A-Za-z0-9._]{0,252})/(\\d{16})-(\\d{8})\\.trow");
    private static final Comparator<LandingName> ORDER = Comparator.comparing(LandingName::node)
            .thenComparingLong(LandingName::epoch)
            .thenComparingLong(LandingName::sequence);

    public LandingName {
        if (!node.matches("[A-Za-z0-9][-A-Za-z0-9._]{0,252}")) {
            throw new TraversionException(
                    "'" + node + "' cannot be a node's name: it has letters, digits, '-', '.' and '_' only.");
        }
        if (epoch < 0 || sequence < 0) {
            throw new IllegalArgumentException("negative epoch or sequence");
        }
    }

    /** Sorts by name as by epoch and sequence. */
    public String path() {
        return String.format("%s/%016d-%08d%s", node, epoch, sequence, SUFFIX);
    }

    /**
     * What a path below the folder of all nodes names; nothing if it is another file.
     *
     * @param path as {@link #path()} gives it
     */
    public static Optional<LandingName> parse(String path) {
        Matcher name = PATH.matcher(path);
        return name.matches()
                ? Optional.of(
                        new LandingName(name.group(1), Long.parseLong(name.group(2)), Long.parseLong(name.group(3))))
                : Optional.empty();
    }

    /** Where it stands among the files of its node. */
    @Override
    public int compareTo(LandingName other) {
        return ORDER.compare(this, other);
    }
}
