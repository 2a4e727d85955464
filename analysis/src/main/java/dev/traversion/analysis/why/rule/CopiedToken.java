/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Permissions;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A token that is valid only as long as the Secret is there that it was made for. */
final class CopiedToken extends PlainRule {

    private static final String TYPE = "kubernetes.io/service-account-token";

    CopiedToken() {
        super(
                "copied-token",
                "A container reads a Secret with the same token as one of type service-account-token that was deleted, so that the API"
                        + " server does not know the token any more. Proved if the container says that it is not known.",
                TemplateRule.RUNNING);
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Set<JsonNode> read = read(world, trouble);
        if (read.isEmpty()) {
            return links;
        }
        boolean says = Permissions.unknown(trouble.text());
        for (ObjectKey key : world.keys(Types.SECRETS, trouble.about().key().namespace())) {
            if (world.versions(key).stream().noneMatch(Version::deleted)) {
                continue;
            }
            for (Change change : world.changes(key)) {
                JsonNode token = change.after().get("data", "token");
                boolean isGone = change.operation() == Change.Operation.DELETED
                        && change.after().get("type").asText().equals(TYPE);
                if (isGone && read.contains(token) && Rule.precedes(change.at(), trouble)) {
                    links.add(Link.to(
                            change,
                            says ? Tier.A : Tier.B,
                            says ? 1 : 0.9,
                            "the container reads a copy of its token, which ended with it"));
                }
            }
        }
        return links;
    }

    /** What the pod reads of Secrets; of equal values in one namespace the tokens that stand for them are equal. */
    private static Set<JsonNode> read(World world, Trouble trouble) {
        Version pod = trouble.about();
        Set<JsonNode> found = new LinkedHashSet<>();
        for (Pods.Reference reference : Pods.references(pod.get("spec"))) {
            if (reference.kind().equals("Secret")) {
                ObjectKey key = new ObjectKey(Types.SECRETS, pod.key().namespace(), reference.name());
                world.at(key, trouble.from())
                        .ifPresent(secret -> secret.get("data").forEach(found::add));
            }
        }
        return found;
    }
}
