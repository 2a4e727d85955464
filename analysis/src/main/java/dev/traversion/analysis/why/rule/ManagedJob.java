/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.Words;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.JobTroubles;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A Job that is left to another controller than the cluster's own. */
final class ManagedJob extends PlainRule {

    private static final String FIELD = "managedBy";
    private static final Words LEFT = Words.of(FIELD);

    ManagedJob() {
        super(
                "managed-job",
                "A Job is not begun, since its managedBy names another controller than Kubernetes' own, which leaves it alone. Proved if"
                        + " it was the own one's before. Near only if another Job that was left to that one was begun.",
                Set.of(What.HELD_BACK));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Version job = trouble.about();
        if (!job.key().type().equals(Types.JOBS)) {
            return links;
        }
        Version maker = world.root(job);
        boolean isOwn = maker.key().equals(job.key());
        String path = (maker.get("spec").has("jobTemplate") ? "spec.jobTemplate.spec." : "spec.") + FIELD;
        boolean isServed = isServed(world, job);
        for (Change change : world.changes(maker.key())) {
            boolean isNew = change.operation() == Change.Operation.CREATED;
            boolean isBefore = Rule.precedes(change.at(), trouble) && (isOwn || change.at() <= job.created() + SLACK);
            boolean isIts = isBefore
                    && (isNew || change.path().equals(path))
                    && Fields.value(change.after().body(), path).equals(job.get("spec", FIELD));
            if (isIts
                    && (isOwn || Fields.stands(world, change, job.created(), version -> isSame(version, path, job)))) {
                boolean isProved = !isNew && !JobTroubles.isForOther(change.old());
                links.add(Link.to(
                        isNew ? change.at(path, job.get("spec", FIELD)) : change,
                        isServed ? Tier.C : isProved ? Tier.A : Tier.B,
                        isServed ? 0.4 : 0.97,
                        "Kubernetes leaves it to that controller, and it does not begin it"));
            }
        }
        return links;
    }

    private static boolean isSame(Version maker, String path, Version job) {
        return Fields.value(maker.body(), path).equals(job.get("spec", FIELD));
    }

    /** Whether another Job of the namespace was left to the same controller, and begun: then there is one. */
    private static boolean isServed(World world, Version job) {
        for (ObjectKey key : world.keys(Types.JOBS, job.key().namespace())) {
            boolean isServed = world.versions(key).stream()
                    .filter(other -> !other.deleted() && other.mentions(LEFT))
                    .anyMatch(other -> other.get("spec", FIELD).equals(job.get("spec", FIELD))
                            && other.get("status").has("startTime"));
            if (isServed) {
                return true;
            }
        }
        return false;
    }
}
