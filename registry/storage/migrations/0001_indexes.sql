DROP INDEX "registry"."audit_entry_graph";--> statement-breakpoint
CREATE INDEX "audit_entry_of_graph" ON "registry"."audit_entry" USING btree ("graph_id","id");--> statement-breakpoint
CREATE INDEX "delivery_of_webhook" ON "registry"."delivery" USING btree ("webhook_id","created_at");--> statement-breakpoint
CREATE INDEX "delivery_over" ON "registry"."delivery" USING btree ("created_at") WHERE "registry"."delivery"."state" <> 'waiting';