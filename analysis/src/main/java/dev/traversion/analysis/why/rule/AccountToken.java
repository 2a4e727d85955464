/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.WorkloadTroubles;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.List;

/** Pods that are not given the token of their ServiceAccount any more. */
final class AccountToken extends PlainRule {

    private static final String PLACE = "kubernetes.io/serviceaccount";
    private static final String FIELD = "automountServiceAccountToken";

    AccountToken() {
        super(
                "account-token",
                "A pod is not given its ServiceAccount's token, since automountServiceAccountToken of one or the other was set to false."
                        + " Proved if the container or its message names the place; if not, pods of the workload must have had it before.",
                TemplateRule.RUNNING);
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Version pod = trouble.about();
        if (!pod.key().type().equals(Types.PODS) || hasToken(pod)) {
            return links;
        }
        boolean names = trouble.text().contains(PLACE)
                || Pods.texts(Pods.container(pod.get("spec"), trouble.container())).stream()
                        .anyMatch(each -> each.contains(PLACE));
        if (!names && !hadToken(world, pod)) {
            return links;
        }
        Version maker = Templates.maker(world, pod);
        List<Change> changes = new ArrayList<>(world.changes(maker.key()));
        changes.addAll(world.changes(account(pod)));
        for (Change change : changes) {
            boolean isOff = change.path().endsWith(FIELD)
                    && change.now() != null
                    && !change.now().asBoolean(true);
            boolean isIts =
                    isOff && change.at() <= pod.created() + SLACK && Fields.stands(world, change, pod.created());
            if (isIts && !wasOff(world, pod, maker, change)) {
                links.add(Link.to(
                        change, names ? Tier.A : Tier.B, names ? 0.97 : 0.7, "the pod is not given a token any more"));
            }
        }
        return links;
    }

    /** Whether what the template says made a change of the account idle, or the account said no, too, before the template did. */
    private static boolean wasOff(World world, Version pod, Version maker, Change change) {
        if (!change.key().equals(maker.key())) {
            return pod.get("spec").has(FIELD);
        }
        return change.old() == null
                ? world.at(account(pod), pod.created())
                        .filter(account -> !account.get(FIELD).asBoolean(true))
                        .isPresent()
                : !change.old().asBoolean(true);
    }

    private static ObjectKey account(Version pod) {
        return new ObjectKey(
                Types.ACCOUNTS,
                pod.key().namespace(),
                pod.get("spec", "serviceAccountName").asText("default"));
    }

    private static boolean hadToken(World world, Version pod) {
        return WorkloadTroubles.family(world, Templates.maker(world, pod)).stream()
                .filter(key -> key.type().equals(Types.PODS))
                .map(key -> world.versions(key).getFirst())
                .anyMatch(other -> other.created() < pod.created() && hasToken(other));
    }

    private static boolean hasToken(Version pod) {
        for (JsonNode volume : pod.get("spec", "volumes")) {
            for (JsonNode source : volume.path("projected").path("sources")) {
                if (source.has("serviceAccountToken")) {
                    return true;
                }
            }
        }
        return false;
    }
}
