/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.landing;

import dev.traversion.archive.TraversionException;

/**
 * The name of a landed file, {@code <node>/<epoch>-<seq>.trow}.
 *
 * @param node the node's name: letters, digits, {@code -}, {@code .} and {@code _}
 * @param epoch grows with each start of the node's agent
 * @param sequence counts the files of an epoch
 */
public record LandingName(String node, long epoch, long sequence) {

    static final String SUFFIX = ".trow";

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
}
