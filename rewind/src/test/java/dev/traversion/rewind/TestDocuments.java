/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind;

/** The discovery of a small API server, and bodies in the form in which it sends them. */
final class TestDocuments {

    private static final String VERBS =
            "\"verbs\":[\"create\",\"delete\",\"deletecollection\",\"get\",\"list\",\"patch\",\"update\",\"watch\"]";

    private TestDocuments() {}

    static void write(TestCluster cluster) throws InterruptedException {
        cluster.document(
                "api;as=APIGroupDiscoveryList",
                discovery("{\"metadata\":{},\"versions\":["
                        + version(
                                "v1",
                                resource("bindings", "Binding", true, "\"verbs\":[\"create\"]"),
                                resource("configmaps", "ConfigMap", true, VERBS),
                                resource("events", "Event", true, VERBS),
                                resource("namespaces", "Namespace", false, VERBS),
                                resource("secrets", "Secret", true, VERBS),
                                resource(
                                        "pods",
                                        "Pod",
                                        true,
                                        VERBS
                                                + ",\"subresources\":[{\"subresource\":\"exec\",\"responseKind\":{\"group\":\"\",\"version\":\"\",\"kind\":\"PodExecOptions\"},\"verbs\":[\"create\",\"get\"]},{\"subresource\":\"log\",\"responseKind\":{\"group\":\"\",\"version\":\"\",\"kind\":\"Pod\"},\"verbs\":[\"get\"]},{\"subresource\":\"status\",\"responseKind\":{\"group\":\"\",\"version\":\"\",\"kind\":\"Pod\"},\"verbs\":[\"get\",\"patch\",\"update\"]}]"))
                        + "]}"));
        cluster.document(
                "apis;as=APIGroupDiscoveryList",
                discovery(group(
                                "authorization.k8s.io",
                                version(
                                        "v1",
                                        resource(
                                                "selfsubjectaccessreviews",
                                                "SelfSubjectAccessReview",
                                                false,
                                                "\"verbs\":[\"create\"]")))
                        + ","
                        + group("events.k8s.io", version("v1", resource("events", "Event", true, VERBS)))
                        + ","
                        + group(
                                "demo.io",
                                version("v1", resource("widgets", "Widget", true, VERBS)),
                                version("v1beta1", resource("widgets", "Widget", true, VERBS)))));
        cluster.document("version", "{\"major\":\"1\",\"minor\":\"36\",\"gitVersion\":\"v1.36.4\"}");
        cluster.document(
                "openapi/v3", "{\"paths\":{\"api/v1\":{\"serverRelativeURL\":\"/openapi/v3/api/v1?hash=AB\"}}}");
        cluster.document("openapi/v3/api/v1", "{\"openapi\":\"3.0.0\"}");
    }

    private static String discovery(String items) {
        return "{\"kind\":\"APIGroupDiscoveryList\",\"apiVersion\":\"apidiscovery.k8s.io/v2\",\"metadata\":{},\"items\":["
                + items + "]}";
    }

    private static String group(String name, String... versions) {
        return "{\"metadata\":{\"name\":\"" + name + "\"},\"versions\":[" + String.join(",", versions) + "]}";
    }

    private static String version(String version, String... resources) {
        return "{\"version\":\"" + version + "\",\"resources\":[" + String.join(",", resources)
                + "],\"freshness\":\"Current\"}";
    }

    private static String resource(String resource, String kind, boolean namespaced, String rest) {
        return "{\"resource\":\"" + resource + "\",\"responseKind\":{\"group\":\"\",\"version\":\"\",\"kind\":\"" + kind
                + "\"},\"scope\":\"" + (namespaced ? "Namespaced" : "Cluster") + "\",\"singularResource\":\""
                + resource.replaceFirst("s$", "") + "\"," + rest + "}";
    }

    static String configMap(String namespace, String name, int version, String value) {
        return "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"" + name + "\",\"namespace\":\""
                + namespace + "\",\"uid\":\"u-" + name + "\",\"resourceVersion\":\"" + version
                + "\",\"creationTimestamp\":\"2026-01-31T13:00:00Z\",\"labels\":{\"app\":\"" + name + "\",\"value\":\""
                + value
                + "\"},\"managedFields\":[{\"manager\":\"kubectl\",\"operation\":\"Update\",\"apiVersion\":\"v1\"}]},\"data\":{\"k\":\""
                + value + "\"}}";
    }

    /** An item of a list of config maps: without kind and apiVersion. */
    static String item(String body) {
        return body.replaceFirst("\"kind\":\"[A-Za-z]+\",\"apiVersion\":\"[a-z0-9./]+\",", "");
    }

    static String widget(String namespace, String name, int version, int size) {
        return "{\"apiVersion\":\"demo.io/v1\",\"kind\":\"Widget\",\"metadata\":{\"creationTimestamp\":\"2026-01-31T13:00:00Z\","
                + "\"name\":\"" + name + "\",\"namespace\":\"" + namespace + "\",\"resourceVersion\":\"" + version
                + "\",\"uid\":\"u-" + name + "\"},\"spec\":{\"size\":" + size + "}}";
    }

    static String widgetDefinition(int version, String betaSchema) {
        String schema = "{\"openAPIV3Schema\":{\"type\":\"object\"}}";
        return "{\"kind\":\"CustomResourceDefinition\",\"apiVersion\":\"apiextensions.k8s.io/v1\",\"metadata\":{\"name\":\"widgets.demo.io\","
                + "\"uid\":\"u-crd\",\"resourceVersion\":\"" + version
                + "\"},\"spec\":{\"group\":\"demo.io\",\"names\":{\"plural\":\"widgets\","
                + "\"kind\":\"Widget\",\"listKind\":\"WidgetList\"},\"scope\":\"Namespaced\",\"versions\":["
                + "{\"name\":\"v1\",\"served\":true,\"storage\":true,\"schema\":" + schema
                + ",\"selectableFields\":[{\"jsonPath\":\".spec.size\"}],"
                + "\"additionalPrinterColumns\":[{\"name\":\"Size\",\"type\":\"integer\",\"jsonPath\":\".spec.size\"}]},"
                + "{\"name\":\"v1beta1\",\"served\":true,\"storage\":false,\"schema\":"
                + (betaSchema.isEmpty() ? schema : betaSchema)
                + "}]}}";
    }

    static String event(String name, int version, String about) {
        return "{\"kind\":\"Event\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"" + name
                + "\",\"namespace\":\"shop\",\"uid\":\"u-"
                + name + "\",\"resourceVersion\":\"" + version + "\"},\"involvedObject\":{\"kind\":\"Pod\",\"name\":\""
                + about
                + "\"},\"reason\":\"Started\",\"message\":\"it runs\",\"source\":{\"component\":\"kubelet\"},"
                + "\"firstTimestamp\":\"2026-01-31T13:00:00Z\",\"lastTimestamp\":\"2026-01-31T13:00:00Z\",\"count\":1,\"type\":\"Normal\","
                + "\"eventTime\":null,\"reportingComponent\":\"\",\"reportingInstance\":\"\"}";
    }
}
