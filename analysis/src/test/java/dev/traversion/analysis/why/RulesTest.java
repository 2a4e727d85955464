/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** Tells tales, and what rules make of them. */
abstract class RulesTest {

    @TempDir
    private Path directory;

    private int tales;

    /** See {@link Tale#links}. */
    final List<String> links(String rule, String target, String tale) throws Exception {
        tales++;
        return Tale.links(directory.resolve("tale-" + tales), rule, target, tale);
    }

    /** What all rules together make of it: the causes of tiers A and B, such as {@code A q CHANGED spec.hard.pods}. */
    final List<String> causes(String target, String tale) throws Exception {
        tales++;
        return Tale.causes(directory.resolve("tale-" + tales), target, tale);
    }
}
