/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.trouble.Trouble.What;
import java.util.Set;

/** What all rules say of themselves. */
abstract class PlainRule implements Rule {

    private final String name;
    private final String says;
    private final Set<What> explains;

    PlainRule(String name, String says, Set<What> explains) {
        this.name = name;
        this.says = says;
        this.explains = explains;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final String says() {
        return says;
    }

    @Override
    public final Set<What> explains() {
        return explains;
    }
}
