CREATE SCHEMA "registry";
--> statement-breakpoint
CREATE TABLE "registry"."audit_entry" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"actor" text NOT NULL,
	"action" text NOT NULL,
	"graph_id" text,
	"variant" text,
	"outcome" text NOT NULL,
	"details" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "registry"."key" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"hash" text NOT NULL,
	"name" text NOT NULL,
	"hint" text NOT NULL,
	"graph_id" text,
	"variant" text,
	"subgraph" text,
	"verbs" text[] NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone,
	CONSTRAINT "key_hash_unique" UNIQUE("hash")
);
--> statement-breakpoint
CREATE TABLE "registry"."check" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"graph_id" text NOT NULL,
	"variant" text NOT NULL,
	"subgraph" text,
	"status" text NOT NULL,
	"result" jsonb NOT NULL,
	"git" jsonb,
	"actor" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "registry"."document" (
	"hash" text PRIMARY KEY NOT NULL,
	"body" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "registry"."graph" (
	"id" text PRIMARY KEY NOT NULL,
	"title" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "registry"."override" (
	"graph_id" text NOT NULL,
	"variant" text NOT NULL,
	"code" text NOT NULL,
	"coordinate" text NOT NULL,
	"reason" text NOT NULL,
	"actor" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "override_graph_id_variant_code_coordinate_pk" PRIMARY KEY("graph_id","variant","code","coordinate")
);
--> statement-breakpoint
CREATE TABLE "registry"."variant" (
	"graph_id" text NOT NULL,
	"name" text NOT NULL,
	"revision" integer DEFAULT 0 NOT NULL,
	"current" integer,
	"policy" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"readme" text DEFAULT '' NOT NULL,
	"readme_updated_at" timestamp (3) with time zone,
	"source_variant" text,
	"filter" jsonb,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "variant_graph_id_name_pk" PRIMARY KEY("graph_id","name")
);
--> statement-breakpoint
CREATE TABLE "registry"."version" (
	"graph_id" text NOT NULL,
	"variant" text NOT NULL,
	"number" integer NOT NULL,
	"kind" text NOT NULL,
	"subgraph" text,
	"origin" integer,
	"subgraphs" jsonb NOT NULL,
	"supergraph" text,
	"errors" jsonb NOT NULL,
	"hints" jsonb NOT NULL,
	"changes" jsonb NOT NULL,
	"git" jsonb,
	"actor" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "version_graph_id_variant_number_pk" PRIMARY KEY("graph_id","variant","number")
);
--> statement-breakpoint
CREATE TABLE "registry"."persisted_operation" (
	"list_id" uuid NOT NULL,
	"id" text NOT NULL,
	"client_name" text NOT NULL,
	"name" text NOT NULL,
	"type" text NOT NULL,
	"body" text NOT NULL,
	"is_active" boolean DEFAULT true NOT NULL,
	CONSTRAINT "persisted_operation_list_id_id_client_name_pk" PRIMARY KEY("list_id","id","client_name")
);
--> statement-breakpoint
CREATE TABLE "registry"."persisted_query_list" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"graph_id" text NOT NULL,
	"name" text NOT NULL,
	"variants" text[] NOT NULL,
	"revision" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "registry"."gateway" (
	"graph_id" text NOT NULL,
	"variant" text NOT NULL,
	"instance" text NOT NULL,
	"supergraph_id" text,
	"seen_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "gateway_graph_id_variant_instance_pk" PRIMARY KEY("graph_id","variant","instance")
);
--> statement-breakpoint
CREATE TABLE "registry"."operation" (
	"graph_id" text NOT NULL,
	"hash" text NOT NULL,
	"id" bigserial NOT NULL,
	"name" text,
	"body" text NOT NULL,
	"coordinates" text[] NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "operation_graph_id_hash_pk" PRIMARY KEY("graph_id","hash"),
	CONSTRAINT "operation_id" UNIQUE("id")
);
--> statement-breakpoint
CREATE TABLE "registry"."usage" (
	"operation_id" bigint NOT NULL,
	"variant" text NOT NULL,
	"day" date NOT NULL,
	"client_name" text NOT NULL,
	"client_version" text NOT NULL,
	"count" bigint NOT NULL,
	CONSTRAINT "usage_operation_id_variant_day_client_name_client_version_pk" PRIMARY KEY("operation_id","variant","day","client_name","client_version")
);
--> statement-breakpoint
CREATE TABLE "registry"."usage_report" (
	"id" uuid PRIMARY KEY NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "registry"."delivery" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"webhook_id" uuid NOT NULL,
	"event" text NOT NULL,
	"body" jsonb NOT NULL,
	"state" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp (3) with time zone NOT NULL,
	"last_outcome" text,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "registry"."webhook" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"graph_id" text NOT NULL,
	"variant" text,
	"url" text NOT NULL,
	"secret" text NOT NULL,
	"events" text[] NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "registry"."key" ADD CONSTRAINT "key_graph_id_graph_id_fk" FOREIGN KEY ("graph_id") REFERENCES "registry"."graph"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "registry"."variant" ADD CONSTRAINT "variant_graph_id_graph_id_fk" FOREIGN KEY ("graph_id") REFERENCES "registry"."graph"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "registry"."version" ADD CONSTRAINT "version_supergraph_document_hash_fk" FOREIGN KEY ("supergraph") REFERENCES "registry"."document"("hash") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "registry"."version" ADD CONSTRAINT "version_variant_fk" FOREIGN KEY ("graph_id","variant") REFERENCES "registry"."variant"("graph_id","name") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "registry"."persisted_operation" ADD CONSTRAINT "persisted_operation_list_id_persisted_query_list_id_fk" FOREIGN KEY ("list_id") REFERENCES "registry"."persisted_query_list"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "registry"."persisted_query_list" ADD CONSTRAINT "persisted_query_list_graph_id_graph_id_fk" FOREIGN KEY ("graph_id") REFERENCES "registry"."graph"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "registry"."operation" ADD CONSTRAINT "operation_graph_id_graph_id_fk" FOREIGN KEY ("graph_id") REFERENCES "registry"."graph"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "registry"."usage" ADD CONSTRAINT "usage_operation_id_operation_id_fk" FOREIGN KEY ("operation_id") REFERENCES "registry"."operation"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "registry"."delivery" ADD CONSTRAINT "delivery_webhook_id_webhook_id_fk" FOREIGN KEY ("webhook_id") REFERENCES "registry"."webhook"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "registry"."webhook" ADD CONSTRAINT "webhook_graph_id_graph_id_fk" FOREIGN KEY ("graph_id") REFERENCES "registry"."graph"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_entry_graph" ON "registry"."audit_entry" USING btree ("graph_id","at");--> statement-breakpoint
CREATE INDEX "check_variant" ON "registry"."check" USING btree ("graph_id","variant","created_at");--> statement-breakpoint
CREATE INDEX "usage_day" ON "registry"."usage" USING btree ("variant","day");--> statement-breakpoint
CREATE INDEX "usage_report_received_at" ON "registry"."usage_report" USING btree ("received_at");--> statement-breakpoint
CREATE INDEX "delivery_due" ON "registry"."delivery" USING btree ("state","next_attempt_at");