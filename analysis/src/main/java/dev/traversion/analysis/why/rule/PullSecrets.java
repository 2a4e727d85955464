/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What an image is pulled with. */
final class PullSecrets extends PlainRule {

    private static final String FIELD = "imagePullSecrets";

    PullSecrets() {
        super(
                "pull-secrets",
                "An image cannot be pulled, and the Secret to pull it with was changed or deleted, or is not given to pods any more by"
                        + " their template or ServiceAccount.",
                Set.of(What.IMAGE_UNAVAILABLE));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Version pod = trouble.about();
        String namespace = pod.key().namespace();
        for (JsonNode secret : pod.get("spec", FIELD)) {
            ObjectKey key =
                    new ObjectKey(Types.SECRETS, namespace, secret.path("name").asText());
            for (Change change : world.changes(key)) {
                boolean counts = change.operation() == Change.Operation.DELETED
                        || change.path().startsWith("data")
                        || change.path().startsWith("type");
                if (counts && Rule.precedes(change.at(), trouble)) {
                    links.add(Link.to(change, Tier.B, 0.8, "the image is pulled with it"));
                }
            }
        }
        ObjectKey account = new ObjectKey(
                Types.ACCOUNTS, namespace, pod.get("spec", "serviceAccountName").asText("default"));
        List<Change> changes = new ArrayList<>(world.changes(account));
        changes.addAll(world.changes(Templates.maker(world, pod).key()));
        for (Change change : changes) {
            boolean isIts = change.operation() == Change.Operation.CHANGED
                    && change.path().contains(FIELD)
                    && change.at() <= pod.created() + SLACK;
            if (isIts && Rule.precedes(change.at(), trouble)) {
                links.add(Link.to(change, Tier.B, 0.8, "the image is pulled with other Secrets since"));
            }
        }
        return links;
    }
}
