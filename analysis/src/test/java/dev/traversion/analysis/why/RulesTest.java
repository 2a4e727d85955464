/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** Tells tales, and what rules make of them. */
abstract class RulesTest {

    static final String OF_WEB =
            "ownerReferences: [{apiVersion: 'apps/v1', kind: 'Deployment', controller: true, name: 'web', uid: 'u-web'}]";

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

    /** See {@link Tale#candidates}. */
    final List<String> candidates(String target, String tale) throws Exception {
        tales++;
        return Tale.candidates(directory.resolve("tale-" + tales), target, tale);
    }

    /** What is wrong with an object: {@code CRASHED web-a-x}. */
    final List<String> symptoms(String target, String tale) throws Exception {
        tales++;
        return Tale.symptoms(directory.resolve("tale-" + tales), target, tale);
    }

    /** A Deployment whose template is changed, and a pod made of it. */
    static String rollout(String before, String after, String status) {
        return """
                -10 is deployments.apps/web {spec: {template: {spec: {%s}}}}
                20 is deployments.apps/web {spec: {template: {spec: {%s}}}}
                21 made pods/web-1 {metadata: {%s}, spec: {%s}, status: %s}
                """.formatted(before, after, OF_WEB, after, status);
    }
}
