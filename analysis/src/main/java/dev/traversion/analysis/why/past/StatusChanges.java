/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.past;

import dev.traversion.analysis.diff.FieldChange;
import dev.traversion.analysis.diff.FieldDiff;
import java.util.ArrayList;
import java.util.List;

/** What somebody wrote into the status of an object, for those few fields that others go by. */
public final class StatusChanges {

    private StatusChanges() {}

    /**
     * The changes from one version to the next.
     *
     * @param prefix of the fields looked at, such as {@code status.capacity}
     */
    public static List<Change> between(World world, Version before, Version after, String prefix) {
        List<Change> found = new ArrayList<>();
        for (FieldChange field :
                FieldDiff.between(before.body(), after.managed()).fields()) {
            if (field.path().toString().startsWith(prefix)) {
                found.add(new Change(
                        before,
                        after,
                        Change.Operation.CHANGED,
                        field.path().toString(),
                        field.before(),
                        field.after(),
                        after.at(),
                        Actor.of(field.owner(), Origins.of(world, after))));
            }
        }
        return found;
    }
}
