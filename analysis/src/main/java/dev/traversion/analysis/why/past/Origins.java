/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.past;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.archive.ResourceType;
import java.util.List;

/** Which deployment tool an object says it comes from, and which revision that tool was at. */
final class Origins {

    private static final ResourceType APPLICATIONS = new ResourceType("argoproj.io", "applications");
    private static final ResourceType KUSTOMIZATIONS =
            new ResourceType("kustomize.toolkit.fluxcd.io", "kustomizations");
    private static final ResourceType RELEASES = new ResourceType("helm.toolkit.fluxcd.io", "helmreleases");

    private Origins() {}

    /** @return {@code ""} if it does not say */
    static String of(World world, Version version) {
        JsonNode annotations = version.get("metadata", "annotations");
        JsonNode labels = version.get("metadata", "labels");
        String tracking = annotations.path("argocd.argoproj.io/tracking-id").asText("");
        if (!tracking.isEmpty()) {
            String name = tracking.substring(0, Math.max(0, tracking.indexOf(':')));
            return "Argo CD application " + name
                    + revision(world, APPLICATIONS, "", name, version.at(), List.of("sync", "revision"));
        }
        for (ResourceType type : List.of(KUSTOMIZATIONS, RELEASES)) {
            String name = labels.path(type.group() + "/name").asText("");
            String namespace = labels.path(type.group() + "/namespace").asText("");
            if (!name.isEmpty()) {
                return "Flux " + (type.equals(RELEASES) ? "HelmRelease " : "Kustomization ") + namespace + "/" + name
                        + revision(world, type, namespace, name, version.at(), List.of("lastAppliedRevision"));
            }
        }
        String release = annotations.path("meta.helm.sh/release-name").asText("");
        return release.isEmpty() ? "" : "Helm release " + release + helmRevision(world, version, release);
    }

    private static String revision(
            World world, ResourceType type, String namespace, String name, long at, List<String> path) {
        for (Version version : world.list(type, namespace, at)) {
            if (version.key().name().equals(name)) {
                JsonNode node = version.get("status");
                for (String step : path) {
                    node = node.path(step);
                }
                return node.asText("").isEmpty() ? "" : " at " + node.asText();
            }
        }
        return "";
    }

    /** Helm keeps a Secret {@code sh.helm.release.v1.NAME.vN} of each revision. */
    private static String helmRevision(World world, Version version, String release) {
        String prefix = "sh.helm.release.v1." + release + ".v";
        int last = world.list(Types.SECRETS, version.key().namespace(), version.at()).stream()
                .map(secret -> secret.key().name())
                .filter(name -> name.startsWith(prefix)
                        && name.substring(prefix.length()).matches("\\d{1,8}"))
                .mapToInt(name -> Integer.parseInt(name.substring(prefix.length())))
                .max()
                .orElse(0);
        return last == 0 ? "" : " revision " + last;
    }
}
