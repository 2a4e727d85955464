/* SPDX-License-Identifier: Apache-2.0 */
/** What every reconciler tells of its objects: conditions, Events, metrics. */
package dev.traversion.operator.status;
