/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.logs;

import java.nio.file.Path;

/**
 * How logs are recorded.
 *
 * @param folder {@code /var/log/pods}, wherever it is mounted
 * @param positions the file that says how far they were read; made if there is none
 * @param rules whose logs
 * @param containerBytes of one container that are read between two looks at what there is, which is every two seconds
 * @param mostBehind bytes of one container that may wait to be read: then what is oldest is left out
 */
public record LogOptions(Path folder, Path positions, LogRulesSource rules, int containerBytes, long mostBehind) {

    /** As the agent does it. */
    public static LogOptions of(Path folder, Path positions, LogRulesSource rules) {
        return new LogOptions(folder, positions, rules, 1 << 20, 32 << 20);
    }
}
