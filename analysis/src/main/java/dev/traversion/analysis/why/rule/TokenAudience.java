/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Permissions;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** A token that is made out for somebody else than whom it is shown to. */
final class TokenAudience extends TemplateRule {

    /** A volume, or what of it has an audience in it. */
    private static final Pattern PLACE = Pattern.compile(
            "volumes(\\[[^\\]]*\\](\\.projected(\\.sources(\\[\\d+\\](\\.serviceAccountToken(\\.audience)?)?)?)?)?)?");

    TokenAudience() {
        super(
                "token-audience",
                "The audience of a ServiceAccount's token in a volume was changed, and a container that mounts it fails from its first"
                        + " start on; stronger if it says that it is not known.",
                RUNNING);
    }

    @Override
    Optional<Link> judge(World world, Trouble trouble, Templates.Field field) {
        boolean isPlace =
                field.container().isEmpty() && PLACE.matcher(field.tail()).matches();
        if (!isPlace || field.change().before() == null) {
            return Optional.empty();
        }
        Map<String, String> before = audiences(field.change().before(), trouble.container(), field.tail());
        Map<String, String> after = audiences(field.change().after(), trouble.container(), field.tail());
        Map<String, String> now = audiences(trouble.about(), trouble.container(), field.tail());
        boolean isOther = now.entrySet().stream()
                .filter(token -> token.getValue().equals(after.get(token.getKey())))
                .anyMatch(token -> !token.getValue().equals(before.getOrDefault(token.getKey(), token.getValue())));
        boolean says = Permissions.unknown(trouble.text());
        return isOther
                ? Optional.of(Link.to(
                        field.change(),
                        Tier.B,
                        says ? 0.99 : 0.6,
                        "the token that the container reads is made out for another audience since"))
                : Optional.empty();
    }

    /** Of the tokens in the volumes that a container mounts and a path names, by where they are; {@code ""} is the API server. */
    private static Map<String, String> audiences(Version maker, String container, String path) {
        JsonNode spec = Pods.template(maker.body()).path("spec");
        Map<String, String> found = new TreeMap<>();
        for (JsonNode mount : Pods.container(spec, container).path("volumeMounts")) {
            String name = mount.path("name").asText();
            boolean isNamed = !path.startsWith("volumes[") || path.startsWith("volumes[name=" + name + "]");
            for (JsonNode source :
                    StorageLimit.volume(spec, name).path("projected").path("sources")) {
                JsonNode token = source.path("serviceAccountToken");
                if (isNamed && !token.isMissingNode()) {
                    String file = name + "/" + token.path("path").asText();
                    found.put(file, token.path("audience").asText(""));
                }
            }
        }
        return found;
    }
}
