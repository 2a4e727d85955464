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
}
