/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import dev.traversion.analysis.why.past.Kernel;
import dev.traversion.analysis.why.past.Version;
import java.util.List;
import java.util.Optional;

/** An agent that saw nothing but a line that every container wrote. */
record Logged(String line) implements Kernel {

    @Override
    public Optional<List<Happening>> of(Version pod, long from, long to) {
        return Optional.empty();
    }

    @Override
    public boolean hasLogs() {
        return true;
    }

    @Override
    public List<String> lastLines(Version pod, String container, long restart, long until) {
        return List.of(line);
    }
}
