/* SPDX-License-Identifier: Apache-2.0 */
/** Run once while the plugin is packaged, so that its AOT caches hold the classes its commands use. */
package dev.traversion.kubectl.training;
