/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.World;
import java.util.List;
import java.util.Optional;

/**
 * What stands behind a change that the cluster's own controllers made.
 *
 * @param rule such as {@code collected}
 * @param tier how sure it is that this is what led to it
 * @param text how it led to the other change
 * @param with changes without which it would have done nothing
 */
public record Behind(String rule, Tier tier, Change change, String text, List<Change> with) {

    /** Empty if somebody wanted the change itself, or nothing tells. */
    public static Optional<Behind> of(World world, Change change) {
        return switch (change.operation()) {
            case DELETED ->
                ClaimRetention.behind(world, change)
                        .or(() -> ExpiredJob.behind(world, change))
                        .or(() -> ForgottenJob.behind(world, change))
                        .or(() -> Adopted.behind(world, change))
                        .or(() -> Collected.behind(world, change))
                        .or(() -> NamespaceGone.behind(world, change))
                        .or(() -> DefinitionGone.behind(world, change))
                        .or(() -> PassedOn.behind(world, change));
            case CHANGED -> ScalerReplicas.behind(world, change).or(() -> PassedOn.behind(world, change));
            default -> Optional.empty();
        };
    }
}
