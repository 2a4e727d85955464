/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.cluster;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/** Gives the tests of {@link UsesCluster} what they ask for. */
final class ClusterExtension implements ExecutionCondition, ParameterResolver {

    private static final ExtensionContext.Namespace STORE = ExtensionContext.Namespace.create(ClusterExtension.class);

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        Part<Cluster> cluster = SharedParts.cluster(context);
        boolean images = AnnotationSupport.findAnnotation(context.getElement(), UsesCluster.class)
                .map(UsesCluster::images)
                .orElse(false);
        if (images
                && cluster instanceof Part.Present<Cluster> present
                && !present.value().hasImages()) {
            return ConditionEvaluationResult.disabled("No image " + Cluster.ACTOR + " on the nodes of "
                    + present.value().origin());
        }
        return cluster.condition();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == Cluster.class || type == Kubectl.class || type == Namespace.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Cluster cluster = SharedParts.cluster(context).get();
        Class<?> type = parameter.getParameter().getType();
        if (type == Cluster.class) {
            return cluster;
        }
        if (type == Kubectl.class) {
            return cluster.kubectl();
        }
        // The context's end closes it.
        return context.getStore(STORE)
                .computeIfAbsent(
                        Namespace.class,
                        key -> Namespace.create(cluster, context.getRequiredTestClass()),
                        Namespace.class);
    }
}
