/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A Service that the nodes' proxies leave to another one. */
final class ServiceProxy extends PlainRule {

    private static final String LABEL = "service.kubernetes.io/service-proxy-name";

    /** What a connection comes to that nobody forwards. */
    private static final Pattern LOST = Pattern.compile("refused|timed? ?out|deadline exceeded|no route");

    ServiceProxy() {
        super(
                "service-proxy",
                "A failing container names a Service that was given the label of another proxy, so that kube-proxy does not forward to"
                        + " its address any more. Proved if it has an address, had the label not before, and the message names that, and"
                        + " that nobody answered.",
                TemplateRule.RUNNING);
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        for (ObjectKey service : MixedEndpoints.ofOthers(world, trouble)) {
            for (Change change : world.changes(service)) {
                boolean isLabel = change.operation() == Change.Operation.CHANGED
                        && change.path().startsWith("metadata.labels")
                        && !isLeft(change.before())
                        && isLeft(change.after())
                        && Rule.precedes(change.at(), trouble);
                if (isLabel && Fields.stands(world, change, trouble.from(), ServiceProxy::isLeft)) {
                    String address = change.after().get("spec", "clusterIP").asText("");
                    boolean says = LOST.matcher(trouble.text()).find() && Rule.names(trouble.text(), address);
                    links.add(Link.to(
                            change,
                            says ? Tier.A : Tier.B,
                            says ? 1 : 0.8,
                            "kube-proxy does not forward to the Service " + service.path() + " any more"));
                }
            }
        }
        return links;
    }

    /** Whether another proxy is to forward to an address. */
    private static boolean isLeft(Version service) {
        String address = service.get("spec", "clusterIP").asText("");
        return service.get("metadata", "labels").has(LABEL) && !address.isEmpty() && !address.equals("None");
    }
}
